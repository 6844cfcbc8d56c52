-- 作业: ads_xy_hytj  行业信用统计
INSERT INTO ads.ads_xy_hytj (gbhy, qys, pjf, cfqys, tjrq)
SELECT q.gbhy, COUNT(DISTINCT q.xydm), AVG(q.pjdf),
       COUNT(DISTINCT CASE WHEN q.cfkf > 0 THEN q.xydm END), CURRENT_DATE
  FROM dws.dws_xy_qydf q
 GROUP BY q.gbhy;
