-- 作业: ods_yj_yhpc_d  安全隐患排查每日采集
INSERT INTO ods.ods_yj_yhpc_d (yhbh, tyshxydm, yhlb, yhdj, bjbm, xzqhdm, pcrq, zgzt, dt)
SELECT yhbh, tyshxydm, yhlb, yhdj, bjbm, xzqhdm, pcrq, zgzt, '${bizdate}'
  FROM yh.t_yhpc;
