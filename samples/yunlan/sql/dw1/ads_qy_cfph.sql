-- 作业: ads_qy_cfph  企业处罚排行
INSERT INTO ads.ads_qy_cfph (tyshxydm, qymc, cfcs, fkhj, zjcfrq)
SELECT f.tyshxydm, f.dwmc, COUNT(c.cfjdws), SUM(c.fkje), MAX(c.cfjdrq)
  FROM ods.ods_sf_xzcf_d c
  JOIN frk.dwd_fr_jbxx f ON f.tyshxydm = c.tyshxydm
 GROUP BY f.tyshxydm, f.dwmc;
