-- 作业: dws_aq_yhfx  区域安全风险：按区划和部件小类关联事件与隐患
INSERT INTO dws.dws_aq_yhfx (xzqhdm, bjxl, sjs, wjss, yhs, zdyhs, fxz, tjrq)
SELECT b.xzqhdm, b.bjxl,
       COUNT(DISTINCT e.sjbh),
       COUNT(DISTINCT CASE WHEN e.sjzt <> '9' THEN e.sjbh END),
       COUNT(DISTINCT y.yhbh),
       COUNT(DISTINCT CASE WHEN y.yhdj = '3' THEN y.yhbh END),
       COUNT(DISTINCT e.sjbh) * 0.3 + COUNT(DISTINCT y.yhbh) * 0.7,
       CURRENT_DATE
  FROM ods.ods_cg_bj_d b
  LEFT JOIN dwd.dwd_cs_sj e ON e.bjbm = b.bjbm AND e.xzqhdm = b.xzqhdm
  LEFT JOIN ods.ods_yj_yhpc_d y ON y.bjbm = b.bjbm
 GROUP BY b.xzqhdm, b.bjxl;
