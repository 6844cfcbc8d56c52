-- 作业: ads_cs_sjgf  高发事件分析
INSERT INTO ads.ads_cs_sjgf (xzqhdm, sjxl, sjs, pjczsc, tjny)
SELECT xzqhdm, sjxl, COUNT(*),
       AVG(CAST(EXTRACT(EPOCH FROM (jasj - sbsj)) / 3600 AS numeric)), TO_CHAR(sbsj, 'YYYYMM')
  FROM dwd.dwd_cs_sj
 GROUP BY xzqhdm, sjxl, TO_CHAR(sbsj, 'YYYYMM')
HAVING COUNT(*) >= 10;
