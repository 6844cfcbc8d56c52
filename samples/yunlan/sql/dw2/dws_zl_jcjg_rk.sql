-- 作业: dws_zl_jcjg_rk  人口库证件号码规范性检测
INSERT INTO dws.dws_zl_jcjg (jcbh, bm, gzmc, zsl, wtsl, hgl, jcrq)
SELECT MD5('rkk' || CURRENT_DATE), 'dwd_rk_jbxx', '公民身份号码长度与校验位',
       COUNT(*), SUM(CASE WHEN LENGTH(zjhm) <> 18 THEN 1 ELSE 0 END),
       100.0 - 100.0 * SUM(CASE WHEN LENGTH(zjhm) <> 18 THEN 1 ELSE 0 END) / COUNT(*), CURRENT_DATE
  FROM rkk.dwd_rk_jbxx;
