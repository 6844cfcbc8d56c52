-- 出租车监管系统  建库脚本  2024-01
CREATE DATABASE IF NOT EXISTS ods_jt;
CREATE DATABASE IF NOT EXISTS dim_jt;
CREATE DATABASE IF NOT EXISTS dwd_jt;
CREATE DATABASE IF NOT EXISTS dws_jt;

CREATE TABLE IF NOT EXISTS ods_jt.gps_raw (
  hphm string COMMENT '号牌号码',
  clsbdh string COMMENT '车辆识别代号',
  dwsj timestamp COMMENT '定位时间',
  jd decimal(10,6) COMMENT '经度',
  wd decimal(9,6) COMMENT '纬度',
  sssd decimal(5,1) COMMENT '瞬时速度',
  xsfx int COMMENT '行驶方向',
  zkzt string COMMENT '载客状态',
  zdbh string COMMENT '终端编号'
) COMMENT '出租汽车定位原始数据'
PARTITIONED BY (dt string COMMENT '分区日期')
STORED AS ORC;

CREATE TABLE IF NOT EXISTS dim_jt.lw_ld (
  ldbh string COMMENT '路段编号',
  ldmc string COMMENT '路段名称',
  dldj string COMMENT '道路等级',
  ldcd int COMMENT '路段长度',
  zylsd decimal(5,1) COMMENT '自由流速度',
  qdlk string COMMENT '起点路口',
  zdlk string COMMENT '终点路口',
  zxjd decimal(10,6) COMMENT '中心经度',
  zxwd decimal(9,6) COMMENT '中心纬度'
) COMMENT '路网路段维表'
STORED AS ORC;

CREATE TABLE IF NOT EXISTS dwd_jt.gps_lk (
  hphm string COMMENT '号牌号码',
  ldbh string COMMENT '路段编号',
  ldmc string COMMENT '路段名称',
  dwsj timestamp COMMENT '定位时间',
  tjxs string COMMENT '统计小时',
  sssd decimal(5,1) COMMENT '瞬时速度',
  zylsd decimal(5,1) COMMENT '自由流速度'
) COMMENT '定位数据路段匹配明细'
PARTITIONED BY (dt string COMMENT '分区日期')
STORED AS ORC;

CREATE TABLE IF NOT EXISTS dws_jt.ldsd_h (
  ldbh string COMMENT '路段编号',
  ldmc string COMMENT '路段名称',
  tjxs string COMMENT '统计小时',
  pjsd decimal(5,1) COMMENT '平均速度',
  ybcls bigint COMMENT '样本车辆数',
  zylsd decimal(5,1) COMMENT '自由流速度'
) COMMENT '路段小时速度汇总'
PARTITIONED BY (dt string COMMENT '分区日期')
STORED AS ORC;
