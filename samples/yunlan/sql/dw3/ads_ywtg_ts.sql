-- 作业: ads_ywtg_ts  一网统管运行态势
INSERT INTO ads.ads_ywtg_ts (zbbh, zbmc, xzqhdm, zbz, wjss, zdyhs, yjdj, tjsj)
SELECT 'AQ-' || f.xzqhdm, '区域安全风险', f.xzqhdm, SUM(f.fxz), SUM(f.wjss), SUM(f.zdyhs),
       CASE WHEN SUM(f.zdyhs) > 0 THEN '1' WHEN SUM(f.wjss) > 50 THEN '2' ELSE '3' END,
       CURRENT_TIMESTAMP
  FROM dws.dws_aq_yhfx f
 GROUP BY f.xzqhdm;
