-- 作业: ods_sj_qy_d  市监企业登记每日采集
INSERT INTO ods.ods_sj_qy_d
       (tyshxydm, qymc, fddbrxm, qylx, zczb, clrq, djjg, gbhy, jyfw, zs, djzt, hzrq, dt)
SELECT tyshxydm, qymc, fddbrxm, qylx, zczb, clrq, djjg, gbhy, jyfw, zs, djzt, hzrq, '${bizdate}'
  FROM qydj.t_qyjbxx;
