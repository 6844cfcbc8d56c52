-- 作业: ods_zw_bj_d  政务服务办件每小时采集
INSERT INTO ods.ods_zw_bj_d (slbh, sxbm, sxmc, sqrzjhm, cbbm, slrq, bjrq, bjzt, dt)
SELECT slbh, sxbm, sxmc, sqrzjhm, cbbm, slrq, bjrq, bjzt, '${bizdate}'
  FROM zwfw.t_zwfwbj;
