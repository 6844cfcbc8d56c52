-- 作业: dwd_fr_jbxx  法人单位基础信息归并（KingbaseES）
INSERT INTO public.dwd_fr_jbxx
       (tyshxydm, dwmc, frlx, fddbrxm, zczb, clrq, zs, gbhy, jyfw, djjg, djzt, qwly, gxsj)
SELECT q.tyshxydm, q.qymc,
       CASE WHEN q.qylx IN ('150', '160', '170') THEN '01' WHEN q.qylx = '110' THEN '02' ELSE '09' END,
       q.fddbrxm, q.zczb, q.clrq, q.zs, q.gbhy, q.jyfw, q.djjg, q.djzt,
       '云澜市市场监督管理局', CURRENT_TIMESTAMP
  FROM ods.ods_sj_qy_d q
 WHERE q.dt = '${bizdate}';
