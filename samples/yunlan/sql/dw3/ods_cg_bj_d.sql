-- 作业: ods_cg_bj_d  城市部件每月采集；行政区划取部件编码前六位
INSERT INTO ods.ods_cg_bj_d (bjbm, bjmc, bjdl, bjxl, qsdw, jd, wd, wgbh, xzqhdm, dt)
SELECT bjbm, bjmc, bjdl, bjxl, qsdw, jd, wd, wgbh, SUBSTRING(bjbm, 1, 6), '${bizdate}'
  FROM szcg.t_bj;
