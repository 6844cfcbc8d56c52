-- 作业: ads_xy_hytj  行业信用统计：在业企业数取自法人库，平均得分取自信用得分
INSERT INTO ads.ads_xy_hytj (gbhy, qys, tjrq)
SELECT gbhy, COUNT(DISTINCT tyshxydm), CURRENT_DATE
  FROM frk.dwd_fr_jbxx
 WHERE djzt = '1'
 GROUP BY gbhy;
UPDATE ads.ads_xy_hytj h
   SET pjf = q.pjf, cfqys = q.cfqys
  FROM (SELECT gbhy, AVG(pjdf) AS pjf, SUM(CASE WHEN cfkf > 0 THEN 1 ELSE 0 END) AS cfqys
          FROM dws.dws_xy_qydf
         GROUP BY gbhy) q
 WHERE q.gbhy = h.gbhy;
