-- 作业: ads_xy_hongmd  守信激励名单：满分且在业
INSERT INTO ads.ads_xy_hongmd (tyshxydm, qymc, pjdf, jlcs, lrrq)
SELECT q.xydm, q.qymc, q.pjdf, '容缺受理、告知承诺', q.pjrq
  FROM dws.dws_xy_qydf q
  JOIN frk.v_fr_zx v ON v.tyshxydm = q.xydm
 WHERE q.pjdf = 100;
