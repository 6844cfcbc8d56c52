-- 作业: ods_bdc_fwqs_d  不动产房屋权属每日采集
INSERT INTO ods.ods_bdc_fwqs_d (bdcdyh, qlrzjhm, qllx, fwyt, jzmj, djrq, qszt, dt)
SELECT bdcdyh, qlrzjhm, qllx, fwyt, jzmj, djrq, qszt, '${bizdate}'
  FROM bdc.t_fwqs;
