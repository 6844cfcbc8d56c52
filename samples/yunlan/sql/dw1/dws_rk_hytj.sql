-- 作业: dws_rk_hytj  婚姻状况人口统计
INSERT INTO dws.dws_rk_hytj (hyzk_dm, xb, rs, tjrq)
SELECT hyzk_dm, xb, COUNT(*), CURRENT_DATE
  FROM rkk.dwd_rk_jbxx
 WHERE swbz = '0'
 GROUP BY hyzk_dm, xb;
