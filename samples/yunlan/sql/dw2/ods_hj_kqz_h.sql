-- 作业: ods_hj_kqz_h  空气自动站小时文件 kqz_yyyymmdd.csv，经文件外部表 ods.ft_hj_kqz 装载
INSERT INTO ods.ods_hj_kqz_h (zdbh, zdmc, jcsj, so2, no2, pm10, pm25, co, o3, dt)
SELECT zdbh, zdmc, jcsj, so2, no2, pm10, pm25, co, o3, '${bizdate}'
  FROM ods.ft_hj_kqz;
