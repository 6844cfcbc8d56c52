-- 作业: dws_zl_jcjg_fr  法人库信用代码规范性检测
INSERT INTO dws.dws_zl_jcjg (jcbh, bm, gzmc, zsl, wtsl, hgl, jcrq)
SELECT MD5('frk' || CURRENT_DATE), 'dwd_fr_jbxx', '统一社会信用代码长度',
       COUNT(*), SUM(CASE WHEN LENGTH(tyshxydm) <> 18 THEN 1 ELSE 0 END),
       100.0 - 100.0 * SUM(CASE WHEN LENGTH(tyshxydm) <> 18 THEN 1 ELSE 0 END) / COUNT(*), CURRENT_DATE
  FROM frk.dwd_fr_jbxx;
