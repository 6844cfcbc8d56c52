-- 作业: ads_hj_aqi_m  空气质量月报
INSERT INTO ads.ads_hj_aqi_m (xzqhdm, tjny, aqi_avg, pm25_avg, ylts, ylbl)
SELECT xzqhdm, TO_CHAR(jcrq, 'YYYYMM'), AVG(aqi_avg), AVG(pm25_avg),
       SUM(CASE WHEN aqi_avg <= 100 THEN 1 ELSE 0 END),
       100.0 * SUM(CASE WHEN aqi_avg <= 100 THEN 1 ELSE 0 END) / COUNT(*)
  FROM dws.dws_hj_aqi_d
 WHERE yxxs >= 20
 GROUP BY xzqhdm, TO_CHAR(jcrq, 'YYYYMM');
