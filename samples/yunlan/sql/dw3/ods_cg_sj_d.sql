-- 作业: ods_cg_sj_d  数字城管事件每小时采集
INSERT INTO ods.ods_cg_sj_d (sjbh, sjdl, sjxl, wtly, bjbm, fsdz, sbsj, jasj, sjzt, dt)
SELECT sjbh, sjdl, sjxl, wtly, bjbm, fsdz, sbsj, jasj, sjzt, '${bizdate}'
  FROM szcg.t_sj;
