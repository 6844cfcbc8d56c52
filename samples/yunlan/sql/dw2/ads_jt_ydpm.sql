-- 作业: ads_jt_ydpm  拥堵路段排名
INSERT INTO ads.ads_jt_ydpm (ldbh, ldmc, tjrq, pjydzs, ydxs, pm)
SELECT ldbh, ldmc, TO_DATE(SUBSTRING(tjxs, 1, 8), 'YYYYMMDD'), AVG(ydzs),
       SUM(CASE WHEN yddj >= '4' THEN 1 ELSE 0 END),
       RANK() OVER (ORDER BY AVG(ydzs) DESC)
  FROM ads.ads_jt_ydzs
 GROUP BY ldbh, ldmc, TO_DATE(SUBSTRING(tjxs, 1, 8), 'YYYYMMDD');
