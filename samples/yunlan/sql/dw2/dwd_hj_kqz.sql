-- 作业: dwd_hj_kqz  空气质量小时清洗：异常值剔除、空气质量指数折算、站点归属区县
WITH qx AS (
    SELECT zdbh, zdmc, jcsj, pm10, pm25, o3,
           CASE WHEN pm25 < 0 OR pm25 > 900 THEN '0' ELSE '1' END AS yxbz
      FROM ods.ods_hj_kqz_h
     WHERE dt = '${bizdate}'
)
INSERT INTO dwd.dwd_hj_kqz (zdbh, zdmc, xzqhdm, jcsj, pm10, pm25, o3, kqzlzs, sywrw, yxbz)
SELECT q.zdbh, q.zdmc, SUBSTRING(q.zdbh, 1, 6), q.jcsj, q.pm10, q.pm25, q.o3,
       CAST(GREATEST(q.pm25 * 1.43, q.pm10 * 0.67, q.o3 * 0.5) AS int),
       CASE WHEN q.pm25 * 1.43 >= q.o3 * 0.5 THEN '04' ELSE '06' END,
       q.yxbz
  FROM qx q;
