-- 作业: dws_xy_qydf  企业公共信用得分：满分 100，行政处罚和欠税按权重扣分
WITH cf AS (
    SELECT tyshxydm,
           SUM(CASE cflb WHEN '5' THEN 20 WHEN '6' THEN 15 WHEN '2' THEN 5 ELSE 2 END) AS kf
      FROM ods.ods_sf_xzcf_d
     WHERE cfjdrq >= CURRENT_DATE - INTERVAL '3 years'
     GROUP BY tyshxydm
), qs AS (
    SELECT tyshxydm, SUM(CASE WHEN qsje >= 100000 THEN 10 ELSE 4 END) AS kf
      FROM ods.ods_sw_qsxx_d
     GROUP BY tyshxydm
)
INSERT INTO dws.dws_xy_qydf (xydm, qymc, gbhy, cfkf, qskf, pjdf, xydj, pjrq)
SELECT f.tyshxydm, f.dwmc, f.gbhy,
       COALESCE(cf.kf, 0), COALESCE(qs.kf, 0),
       100 - COALESCE(cf.kf, 0) - COALESCE(qs.kf, 0),
       CASE WHEN 100 - COALESCE(cf.kf, 0) - COALESCE(qs.kf, 0) >= 90 THEN 'A'
            WHEN 100 - COALESCE(cf.kf, 0) - COALESCE(qs.kf, 0) >= 75 THEN 'B'
            WHEN 100 - COALESCE(cf.kf, 0) - COALESCE(qs.kf, 0) >= 60 THEN 'C' ELSE 'D' END,
       CURRENT_DATE
  FROM frk.dwd_fr_jbxx f
  LEFT JOIN cf ON cf.tyshxydm = f.tyshxydm
  LEFT JOIN qs ON qs.tyshxydm = f.tyshxydm
 WHERE f.djzt = '1';
