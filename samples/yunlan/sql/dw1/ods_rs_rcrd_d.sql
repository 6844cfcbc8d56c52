-- 作业: ods_rs_rcrd_d  高层次人才认定每日采集
INSERT INTO ods.ods_rs_rcrd_d (zjhm, xm, rclb, rdrq, yxqz, dt)
SELECT zjhm, xm, rclb, rdrq, yxqz, '${bizdate}'
  FROM jycy.t_rcrd
 WHERE rczt = '1';
