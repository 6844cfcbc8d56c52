-- 作业: dwd_cs_sj  城市事件归一：数字城管事件与澜东区网格事件合并（同一事件可能两边各报一次）
TRUNCATE TABLE dwd.dwd_cs_sj;
INSERT INTO dwd.dwd_cs_sj (sjbh, sjly, sjdl, sjxl, bjbm, wgbh, xzqhdm, fsdz, sbsj, jasj, sjzt)
SELECT s.sjbh, 'CG', s.sjdl, s.sjxl, s.bjbm, b.wgbh, b.xzqhdm, s.fsdz, s.sbsj, s.jasj, s.sjzt
  FROM ods.ods_cg_sj_d s
  LEFT JOIN ods.ods_cg_bj_d b ON b.bjbm = s.bjbm
 WHERE s.dt = '${bizdate}'
UNION ALL
SELECT w.sjbh, 'WG', SUBSTRING(w.sjlb, 1, 2), w.sjlb, NULL, w.wgbh, SUBSTRING(w.wgbh, 1, 6),
       w.fsdz, w.sbsj, w.bjsj, w.bjzt
  FROM ods.ods_wg_sjsb_d w
 WHERE w.dt = '${bizdate}';
