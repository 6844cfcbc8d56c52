-- 数据中台  变更脚本  2025-01
CREATE SCHEMA IF NOT EXISTS ods;
CREATE SCHEMA IF NOT EXISTS dwd;
CREATE SCHEMA IF NOT EXISTS dws;
CREATE SCHEMA IF NOT EXISTS ads;

CREATE TABLE ods.ods_hj_kqz_h (
  zdbh varchar(12),
  zdmc varchar(100),
  jcsj timestamp,
  so2 numeric(8,3),
  no2 numeric(8,3),
  pm10 numeric(8,3),
  pm25 numeric(8,3),
  co numeric(8,3),
  o3 numeric(8,3),
  dt char(8)
);
COMMENT ON TABLE ods.ods_hj_kqz_h IS '空气自动站小时数据贴源表';
COMMENT ON COLUMN ods.ods_hj_kqz_h.zdbh IS '站点编号';
COMMENT ON COLUMN ods.ods_hj_kqz_h.zdmc IS '站点名称';
COMMENT ON COLUMN ods.ods_hj_kqz_h.jcsj IS '监测时间';
COMMENT ON COLUMN ods.ods_hj_kqz_h.so2 IS '二氧化硫浓度';
COMMENT ON COLUMN ods.ods_hj_kqz_h.no2 IS '二氧化氮浓度';
COMMENT ON COLUMN ods.ods_hj_kqz_h.pm10 IS 'PM10浓度';
COMMENT ON COLUMN ods.ods_hj_kqz_h.pm25 IS 'PM2.5浓度';
COMMENT ON COLUMN ods.ods_hj_kqz_h.co IS '一氧化碳浓度';
COMMENT ON COLUMN ods.ods_hj_kqz_h.o3 IS '臭氧浓度';
COMMENT ON COLUMN ods.ods_hj_kqz_h.dt IS '数据日期';

CREATE TABLE dwd.dwd_hj_kqz (
  zdbh varchar(12) NOT NULL,
  zdmc varchar(100),
  xzqhdm varchar(12),
  jcsj timestamp NOT NULL,
  pm10 numeric(8,3),
  pm25 numeric(8,3),
  o3 numeric(8,3),
  kqzlzs integer,
  sywrw char(2),
  yxbz char(1),
  PRIMARY KEY (zdbh, jcsj)
);
COMMENT ON TABLE dwd.dwd_hj_kqz IS '空气质量小时明细表';
COMMENT ON COLUMN dwd.dwd_hj_kqz.zdbh IS '站点编号';
COMMENT ON COLUMN dwd.dwd_hj_kqz.zdmc IS '站点名称';
COMMENT ON COLUMN dwd.dwd_hj_kqz.xzqhdm IS '行政区划代码';
COMMENT ON COLUMN dwd.dwd_hj_kqz.jcsj IS '监测时间';
COMMENT ON COLUMN dwd.dwd_hj_kqz.pm10 IS 'PM10浓度';
COMMENT ON COLUMN dwd.dwd_hj_kqz.pm25 IS 'PM2.5浓度';
COMMENT ON COLUMN dwd.dwd_hj_kqz.o3 IS '臭氧浓度';
COMMENT ON COLUMN dwd.dwd_hj_kqz.kqzlzs IS '空气质量指数';
COMMENT ON COLUMN dwd.dwd_hj_kqz.sywrw IS '首要污染物';
COMMENT ON COLUMN dwd.dwd_hj_kqz.yxbz IS '有效标志';

CREATE TABLE dws.dws_hj_aqi_d (
  zdbh varchar(12) NOT NULL,
  zdmc varchar(100),
  xzqhdm varchar(12),
  jcrq date NOT NULL,
  pm25_avg numeric(8,3),
  o3_max numeric(8,3),
  aqi_avg numeric(6,1),
  aqi_max integer,
  yxxs integer,
  PRIMARY KEY (zdbh, jcrq)
);
COMMENT ON TABLE dws.dws_hj_aqi_d IS '空气质量日汇总表';
COMMENT ON COLUMN dws.dws_hj_aqi_d.zdbh IS '站点编号';
COMMENT ON COLUMN dws.dws_hj_aqi_d.zdmc IS '站点名称';
COMMENT ON COLUMN dws.dws_hj_aqi_d.xzqhdm IS '行政区划代码';
COMMENT ON COLUMN dws.dws_hj_aqi_d.jcrq IS '监测日期';
COMMENT ON COLUMN dws.dws_hj_aqi_d.pm25_avg IS 'PM2.5日均浓度';
COMMENT ON COLUMN dws.dws_hj_aqi_d.o3_max IS '臭氧日最大浓度';
COMMENT ON COLUMN dws.dws_hj_aqi_d.aqi_avg IS '日均空气质量指数';
COMMENT ON COLUMN dws.dws_hj_aqi_d.aqi_max IS '日最大空气质量指数';
COMMENT ON COLUMN dws.dws_hj_aqi_d.yxxs IS '有效小时数';

CREATE TABLE ads.ads_gl_jt_tj (
  jtdc char(1) NOT NULL,
  ffny char(6) NOT NULL,
  rs bigint,
  ffje numeric(14,2),
  PRIMARY KEY (jtdc, ffny)
);
COMMENT ON TABLE ads.ads_gl_jt_tj IS '高龄津贴统计表';
COMMENT ON COLUMN ads.ads_gl_jt_tj.jtdc IS '津贴档次';
COMMENT ON COLUMN ads.ads_gl_jt_tj.ffny IS '发放月份';
COMMENT ON COLUMN ads.ads_gl_jt_tj.rs IS '人数';
COMMENT ON COLUMN ads.ads_gl_jt_tj.ffje IS '发放金额';

CREATE TABLE ads.ads_jt_ydzs (
  ldbh varchar(12) NOT NULL,
  ldmc varchar(100),
  tjxs char(10) NOT NULL,
  pjsd numeric(5,1),
  zylsd numeric(5,1),
  ybcls bigint,
  ydzs numeric(5,2),
  yddj char(1),
  PRIMARY KEY (ldbh, tjxs)
);
COMMENT ON TABLE ads.ads_jt_ydzs IS '路段拥堵指数表';
COMMENT ON COLUMN ads.ads_jt_ydzs.ldbh IS '路段编号';
COMMENT ON COLUMN ads.ads_jt_ydzs.ldmc IS '路段名称';
COMMENT ON COLUMN ads.ads_jt_ydzs.tjxs IS '统计小时';
COMMENT ON COLUMN ads.ads_jt_ydzs.pjsd IS '平均速度';
COMMENT ON COLUMN ads.ads_jt_ydzs.zylsd IS '自由流速度';
COMMENT ON COLUMN ads.ads_jt_ydzs.ybcls IS '样本车辆数';
COMMENT ON COLUMN ads.ads_jt_ydzs.ydzs IS '拥堵指数';
COMMENT ON COLUMN ads.ads_jt_ydzs.yddj IS '拥堵等级';

CREATE TABLE ads.ads_hj_aqi_m (
  xzqhdm varchar(12) NOT NULL,
  tjny char(6) NOT NULL,
  aqi_avg numeric(6,1),
  pm25_avg numeric(8,3),
  ylts integer,
  ylbl numeric(5,2),
  PRIMARY KEY (xzqhdm, tjny)
);
COMMENT ON TABLE ads.ads_hj_aqi_m IS '空气质量月报表';
COMMENT ON COLUMN ads.ads_hj_aqi_m.xzqhdm IS '行政区划代码';
COMMENT ON COLUMN ads.ads_hj_aqi_m.tjny IS '统计年月';
COMMENT ON COLUMN ads.ads_hj_aqi_m.aqi_avg IS '月均空气质量指数';
COMMENT ON COLUMN ads.ads_hj_aqi_m.pm25_avg IS 'PM2.5月均浓度';
COMMENT ON COLUMN ads.ads_hj_aqi_m.ylts IS '优良天数';
COMMENT ON COLUMN ads.ads_hj_aqi_m.ylbl IS '优良天数比例';

CREATE TABLE ads.ads_hj_kqzl_rb (
  zdbh varchar(12) NOT NULL,
  zdmc varchar(100),
  jcrq date NOT NULL,
  kqzlzs integer,
  kqzldj char(1),
  sywrw char(2),
  pm25 numeric(8,3),
  PRIMARY KEY (zdbh, jcrq)
);
COMMENT ON TABLE ads.ads_hj_kqzl_rb IS '空气质量日报表';
COMMENT ON COLUMN ads.ads_hj_kqzl_rb.zdbh IS '站点编号';
COMMENT ON COLUMN ads.ads_hj_kqzl_rb.zdmc IS '站点名称';
COMMENT ON COLUMN ads.ads_hj_kqzl_rb.jcrq IS '监测日期';
COMMENT ON COLUMN ads.ads_hj_kqzl_rb.kqzlzs IS '空气质量指数';
COMMENT ON COLUMN ads.ads_hj_kqzl_rb.kqzldj IS '空气质量等级';
COMMENT ON COLUMN ads.ads_hj_kqzl_rb.sywrw IS '首要污染物';
COMMENT ON COLUMN ads.ads_hj_kqzl_rb.pm25 IS 'PM2.5浓度';

CREATE TABLE dws.dws_zl_jcjg (
  jcbh varchar(32) NOT NULL,
  bm varchar(100),
  gzmc varchar(100),
  zsl bigint,
  wtsl bigint,
  hgl numeric(5,2),
  jcrq date,
  PRIMARY KEY (jcbh)
);
COMMENT ON TABLE dws.dws_zl_jcjg IS '数据质量检测结果表';
COMMENT ON COLUMN dws.dws_zl_jcjg.jcbh IS '检测编号';
COMMENT ON COLUMN dws.dws_zl_jcjg.bm IS '检测表名';
COMMENT ON COLUMN dws.dws_zl_jcjg.gzmc IS '检测规则';
COMMENT ON COLUMN dws.dws_zl_jcjg.zsl IS '总记录数';
COMMENT ON COLUMN dws.dws_zl_jcjg.wtsl IS '问题数据量';
COMMENT ON COLUMN dws.dws_zl_jcjg.hgl IS '合格率';
COMMENT ON COLUMN dws.dws_zl_jcjg.jcrq IS '检测日期';

CREATE TABLE ads.ads_jt_ydpm (
  ldbh varchar(12) NOT NULL,
  ldmc varchar(100),
  tjrq date NOT NULL,
  pjydzs numeric(5,2),
  ydxs integer,
  pm integer,
  PRIMARY KEY (ldbh, tjrq)
);
COMMENT ON TABLE ads.ads_jt_ydpm IS '拥堵路段排名表';
COMMENT ON COLUMN ads.ads_jt_ydpm.ldbh IS '路段编号';
COMMENT ON COLUMN ads.ads_jt_ydpm.ldmc IS '路段名称';
COMMENT ON COLUMN ads.ads_jt_ydpm.tjrq IS '统计日期';
COMMENT ON COLUMN ads.ads_jt_ydpm.pjydzs IS '平均拥堵指数';
COMMENT ON COLUMN ads.ads_jt_ydpm.ydxs IS '拥堵小时数';
COMMENT ON COLUMN ads.ads_jt_ydpm.pm IS '排名';
