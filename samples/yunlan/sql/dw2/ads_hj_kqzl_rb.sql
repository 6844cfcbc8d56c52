-- 作业: ads_hj_kqzl_rb  空气质量日报，供公共数据开放平台生成 CSV 与 JSON
INSERT INTO ads.ads_hj_kqzl_rb (zdbh, zdmc, jcrq, kqzlzs, kqzldj, sywrw, pm25)
SELECT d.zdbh, d.zdmc, d.jcrq, CAST(d.aqi_avg AS int),
       CASE WHEN d.aqi_avg <= 50 THEN '1' WHEN d.aqi_avg <= 100 THEN '2' WHEN d.aqi_avg <= 150 THEN '3'
            WHEN d.aqi_avg <= 200 THEN '4' WHEN d.aqi_avg <= 300 THEN '5' ELSE '6' END,
       CASE WHEN d.pm25_avg * 1.43 >= d.o3_max * 0.5 THEN '04' ELSE '06' END,
       d.pm25_avg
  FROM dws.dws_hj_aqi_d d;
