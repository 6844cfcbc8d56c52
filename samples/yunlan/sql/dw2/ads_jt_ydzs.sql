-- 作业: ads_jt_ydzs  路段拥堵指数（外部模式 dws_jt 指向 Hive）
INSERT INTO ads.ads_jt_ydzs (ldbh, ldmc, tjxs, pjsd, zylsd, ybcls, ydzs, yddj)
SELECT ldbh, ldmc, tjxs, pjsd, zylsd, ybcls, ROUND(zylsd / NULLIF(pjsd, 0), 2),
       CASE WHEN zylsd / NULLIF(pjsd, 0) < 1.3 THEN '1' WHEN zylsd / NULLIF(pjsd, 0) < 1.6 THEN '2'
            WHEN zylsd / NULLIF(pjsd, 0) < 1.9 THEN '3' WHEN zylsd / NULLIF(pjsd, 0) < 2.2 THEN '4'
            ELSE '5' END
  FROM dws_jt.ldsd_h
 WHERE dt = '${bizdate}';
