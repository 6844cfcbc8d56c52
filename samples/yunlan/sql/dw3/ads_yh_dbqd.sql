-- 作业: ads_yh_dbqd  重大隐患督办清单
CREATE TEMPORARY TABLE tmp_zdyh AS
SELECT yhbh, tyshxydm, yhdj, xzqhdm, pcrq
  FROM ods.ods_yj_yhpc_d
 WHERE dt = '${bizdate}' AND yhdj = '3' AND zgzt <> '3';
INSERT INTO ads.ads_yh_dbqd (yhbh, dwmc, yhdj, xzqhdm, pcrq, yqts)
SELECT t.yhbh, f.dwmc, t.yhdj, t.xzqhdm, t.pcrq, CURRENT_DATE - t.pcrq
  FROM tmp_zdyh t
  LEFT JOIN frk.dwd_fr_jbxx f ON f.tyshxydm = t.tyshxydm;
