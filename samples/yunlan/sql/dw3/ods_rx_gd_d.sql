-- 作业: ods_rx_gd_d  12345 热线工单每小时采集，不采集诉求人姓名和电话
INSERT INTO ods.ods_rx_gd_d (gdbh, ldsj, sqlx, sfqx, cbdw, bjsj, myd, dt)
SELECT gdbh, ldsj, sqlx, sfqx, cbdw, bjsj, myd, '${bizdate}'
  FROM rx12345.t_rxgd;
