-- 作业: dwd_zw_bj  政务服务办件明细
INSERT INTO dwd.dwd_zw_bj (slbh, sxbm, sxmc, cbbm, slrq, bjrq, blts, cqbz)
SELECT slbh, sxbm, sxmc, cbbm, slrq, bjrq, bjrq - slrq,
       CASE WHEN bjrq - slrq > 20 THEN '1' ELSE '0' END
  FROM ods.ods_zw_bj_d
 WHERE dt = '${bizdate}' AND bjzt = '5';
