-- 作业: dws_zw_bjxl  政务办件效率汇总
INSERT INTO dws.dws_zw_bjxl (cbbm, tjny, bjs, pjblts, cqs, cqlv)
SELECT cbbm, TO_CHAR(bjrq, 'YYYYMM'), COUNT(*), AVG(blts),
       SUM(CASE WHEN cqbz = '1' THEN 1 ELSE 0 END),
       100.0 * SUM(CASE WHEN cqbz = '1' THEN 1 ELSE 0 END) / COUNT(*)
  FROM dwd.dwd_zw_bj
 GROUP BY cbbm, TO_CHAR(bjrq, 'YYYYMM');
