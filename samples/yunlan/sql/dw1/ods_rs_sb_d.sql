-- 作业: ods_rs_sb_d  社保缴费每日采集（列名按人社部指标体系换为中台命名）
INSERT INTO ods.ods_rs_sb_d (grbh, zjhm, xm, cbxz, jfny, jfjs, dwmc, jfzt, dt)
SELECT aac001, aac002, aac003, aae140, aae002, aac040, aab004, aac031, '${bizdate}'
  FROM sb.ac02;
