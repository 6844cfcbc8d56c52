-- 作业: dwd_rx_gd  热线工单明细
INSERT INTO dwd.dwd_rx_gd (gdbh, sqlx, xzqhdm, cbdw, ldsj, bjsj, blsc, myd)
SELECT gdbh, sqlx, sfqx, cbdw, ldsj, bjsj,
       ROUND(CAST(EXTRACT(EPOCH FROM (bjsj - ldsj)) / 3600 AS numeric), 2), myd
  FROM ods.ods_rx_gd_d
 WHERE dt = '${bizdate}';
