-- 作业: dws_zl_jcjg_sb  社保缴费基数合理性检测
INSERT INTO dws.dws_zl_jcjg (jcbh, bm, gzmc, zsl, wtsl, hgl, jcrq)
SELECT MD5('sb' || CURRENT_DATE), 'ods_rs_sb_d', '缴费基数非空且大于零',
       COUNT(*), SUM(CASE WHEN COALESCE(jfjs, 0) <= 0 THEN 1 ELSE 0 END),
       100.0 - 100.0 * SUM(CASE WHEN COALESCE(jfjs, 0) <= 0 THEN 1 ELSE 0 END) / COUNT(*), CURRENT_DATE
  FROM ods.ods_rs_sb_d;
