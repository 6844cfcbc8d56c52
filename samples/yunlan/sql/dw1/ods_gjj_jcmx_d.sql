-- 作业: ods_gjj_jcmx_d  公积金缴存明细每日采集
INSERT INTO ods.ods_gjj_jcmx_d (grzh, hjny, dwjce, grjce, rzrq, dt)
SELECT grzh, hjny, dwjce, grjce, rzrq, '${bizdate}'
  FROM gjj.t_jcmx
 WHERE ywlx = '01';
