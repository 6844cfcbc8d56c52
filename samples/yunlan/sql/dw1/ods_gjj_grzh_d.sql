-- 作业: ods_gjj_grzh_d  公积金个人账户每日采集
INSERT INTO ods.ods_gjj_grzh_d (grzh, zjhm, xm, dwmc, yjce, zhye, jzny, zhzt, dt)
SELECT grzh, zjhm, xm, dwmc, yjce, zhye, jzny, zhzt, '${bizdate}'
  FROM gjj.t_grzh;
