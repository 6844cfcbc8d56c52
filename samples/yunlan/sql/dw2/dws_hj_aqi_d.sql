-- 作业: dws_hj_aqi_d  空气质量日汇总
INSERT INTO dws.dws_hj_aqi_d (zdbh, zdmc, xzqhdm, jcrq, pm25_avg, o3_max, aqi_avg, aqi_max, yxxs)
SELECT zdbh, zdmc, xzqhdm, CAST(jcsj AS date), AVG(pm25), MAX(o3), AVG(kqzlzs), MAX(kqzlzs), COUNT(*)
  FROM dwd.dwd_hj_kqz
 WHERE yxbz = '1'
 GROUP BY zdbh, zdmc, xzqhdm, CAST(jcsj AS date);
