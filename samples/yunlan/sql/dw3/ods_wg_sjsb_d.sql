-- 作业: ods_wg_sjsb_d  澜东区网格事件每日回流
INSERT INTO ods.ods_wg_sjsb_d (sjbh, wgbh, sjlb, fsdz, sbsj, bjsj, bjzt, dt)
SELECT sjbh, wgbh, sjlb, fsdz, sbsj, bjsj, bjzt, '${bizdate}'
  FROM wg.t_sjsb;
