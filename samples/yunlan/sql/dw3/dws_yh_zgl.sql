-- 作业: dws_yh_zgl  隐患整改率
INSERT INTO dws.dws_yh_zgl (xzqhdm, yhdj, yhs, yzgs, zgl, tjrq)
SELECT xzqhdm, yhdj, COUNT(*), SUM(CASE WHEN zgzt = '3' THEN 1 ELSE 0 END),
       100.0 * SUM(CASE WHEN zgzt = '3' THEN 1 ELSE 0 END) / COUNT(*), CURRENT_DATE
  FROM ods.ods_yj_yhpc_d
 GROUP BY xzqhdm, yhdj;
