-- 作业: ods_jt_gps_raw  出租汽车定位流（Kafka 外部表 ods_jt.gps_taxi_kafka）落地
INSERT OVERWRITE TABLE ods_jt.gps_raw PARTITION (dt = '${bizdate}')
SELECT hphm, clsbdh, dwsj, jd, wd, sssd, xsfx, zkzt, zdbh
  FROM ods_jt.gps_taxi_kafka;
