-- 数据中台  变更脚本  2026-01
CREATE SCHEMA IF NOT EXISTS ods;
CREATE SCHEMA IF NOT EXISTS dwd;
CREATE SCHEMA IF NOT EXISTS dws;
CREATE SCHEMA IF NOT EXISTS ads;

CREATE TABLE ods.ods_cg_bj_d (
  bjbm varchar(16),
  bjmc varchar(50),
  bjdl char(2),
  bjxl char(4),
  qsdw varchar(100),
  jd numeric(10,6),
  wd numeric(9,6),
  wgbh varchar(14),
  xzqhdm varchar(12),
  dt char(8)
);
COMMENT ON TABLE ods.ods_cg_bj_d IS '城市部件贴源表';
COMMENT ON COLUMN ods.ods_cg_bj_d.bjbm IS '部件编码';
COMMENT ON COLUMN ods.ods_cg_bj_d.bjmc IS '部件名称';
COMMENT ON COLUMN ods.ods_cg_bj_d.bjdl IS '部件大类';
COMMENT ON COLUMN ods.ods_cg_bj_d.bjxl IS '部件小类';
COMMENT ON COLUMN ods.ods_cg_bj_d.qsdw IS '权属单位';
COMMENT ON COLUMN ods.ods_cg_bj_d.jd IS '经度';
COMMENT ON COLUMN ods.ods_cg_bj_d.wd IS '纬度';
COMMENT ON COLUMN ods.ods_cg_bj_d.wgbh IS '网格编号';
COMMENT ON COLUMN ods.ods_cg_bj_d.xzqhdm IS '行政区划代码';
COMMENT ON COLUMN ods.ods_cg_bj_d.dt IS '数据日期';

CREATE TABLE ods.ods_cg_sj_d (
  sjbh varchar(20),
  sjdl char(2),
  sjxl char(4),
  wtly char(1),
  bjbm varchar(16),
  fsdz varchar(200),
  sbsj timestamp,
  jasj timestamp,
  sjzt char(1),
  dt char(8)
);
COMMENT ON TABLE ods.ods_cg_sj_d IS '城管事件贴源表';
COMMENT ON COLUMN ods.ods_cg_sj_d.sjbh IS '事件编号';
COMMENT ON COLUMN ods.ods_cg_sj_d.sjdl IS '事件大类';
COMMENT ON COLUMN ods.ods_cg_sj_d.sjxl IS '事件小类';
COMMENT ON COLUMN ods.ods_cg_sj_d.wtly IS '问题来源';
COMMENT ON COLUMN ods.ods_cg_sj_d.bjbm IS '部件编码';
COMMENT ON COLUMN ods.ods_cg_sj_d.fsdz IS '发生地址';
COMMENT ON COLUMN ods.ods_cg_sj_d.sbsj IS '上报时间';
COMMENT ON COLUMN ods.ods_cg_sj_d.jasj IS '结案时间';
COMMENT ON COLUMN ods.ods_cg_sj_d.sjzt IS '事件状态';
COMMENT ON COLUMN ods.ods_cg_sj_d.dt IS '数据日期';

CREATE TABLE ods.ods_wg_sjsb_d (
  sjbh varchar(20),
  wgbh varchar(14),
  sjlb char(4),
  fsdz varchar(200),
  sbsj timestamp,
  bjsj timestamp,
  bjzt char(1),
  dt char(8)
);
COMMENT ON TABLE ods.ods_wg_sjsb_d IS '网格事件贴源表';
COMMENT ON COLUMN ods.ods_wg_sjsb_d.sjbh IS '事件编号';
COMMENT ON COLUMN ods.ods_wg_sjsb_d.wgbh IS '网格编号';
COMMENT ON COLUMN ods.ods_wg_sjsb_d.sjlb IS '事件类别';
COMMENT ON COLUMN ods.ods_wg_sjsb_d.fsdz IS '发生地址';
COMMENT ON COLUMN ods.ods_wg_sjsb_d.sbsj IS '上报时间';
COMMENT ON COLUMN ods.ods_wg_sjsb_d.bjsj IS '办结时间';
COMMENT ON COLUMN ods.ods_wg_sjsb_d.bjzt IS '办结状态';
COMMENT ON COLUMN ods.ods_wg_sjsb_d.dt IS '数据日期';

CREATE TABLE ods.ods_yj_yhpc_d (
  yhbh varchar(20),
  tyshxydm varchar(18),
  yhlb varchar(50),
  yhdj char(1),
  bjbm varchar(16),
  xzqhdm varchar(12),
  pcrq date,
  zgzt char(1),
  dt char(8)
);
COMMENT ON TABLE ods.ods_yj_yhpc_d IS '安全隐患排查贴源表';
COMMENT ON COLUMN ods.ods_yj_yhpc_d.yhbh IS '隐患编号';
COMMENT ON COLUMN ods.ods_yj_yhpc_d.tyshxydm IS '统一社会信用代码';
COMMENT ON COLUMN ods.ods_yj_yhpc_d.yhlb IS '隐患类别';
COMMENT ON COLUMN ods.ods_yj_yhpc_d.yhdj IS '隐患等级';
COMMENT ON COLUMN ods.ods_yj_yhpc_d.bjbm IS '部件编码';
COMMENT ON COLUMN ods.ods_yj_yhpc_d.xzqhdm IS '行政区划代码';
COMMENT ON COLUMN ods.ods_yj_yhpc_d.pcrq IS '排查日期';
COMMENT ON COLUMN ods.ods_yj_yhpc_d.zgzt IS '整改状态';
COMMENT ON COLUMN ods.ods_yj_yhpc_d.dt IS '数据日期';

CREATE TABLE ods.ods_zw_bj_d (
  slbh varchar(40),
  sxbm varchar(60),
  sxmc varchar(200),
  sqrzjhm varchar(18),
  cbbm varchar(100),
  slrq date,
  bjrq date,
  bjzt char(1),
  dt char(8)
);
COMMENT ON TABLE ods.ods_zw_bj_d IS '政务服务办件贴源表';
COMMENT ON COLUMN ods.ods_zw_bj_d.slbh IS '受理编号';
COMMENT ON COLUMN ods.ods_zw_bj_d.sxbm IS '事项编码';
COMMENT ON COLUMN ods.ods_zw_bj_d.sxmc IS '事项名称';
COMMENT ON COLUMN ods.ods_zw_bj_d.sqrzjhm IS '申请人证件号码';
COMMENT ON COLUMN ods.ods_zw_bj_d.cbbm IS '承办部门名称';
COMMENT ON COLUMN ods.ods_zw_bj_d.slrq IS '受理日期';
COMMENT ON COLUMN ods.ods_zw_bj_d.bjrq IS '办结日期';
COMMENT ON COLUMN ods.ods_zw_bj_d.bjzt IS '办理状态';
COMMENT ON COLUMN ods.ods_zw_bj_d.dt IS '数据日期';

CREATE TABLE ods.ods_rx_gd_d (
  gdbh varchar(30),
  ldsj timestamp,
  sqlx char(2),
  sfqx varchar(12),
  cbdw varchar(100),
  bjsj timestamp,
  myd char(1),
  dt char(8)
);
COMMENT ON TABLE ods.ods_rx_gd_d IS '热线工单贴源表';
COMMENT ON COLUMN ods.ods_rx_gd_d.gdbh IS '工单编号';
COMMENT ON COLUMN ods.ods_rx_gd_d.ldsj IS '来电时间';
COMMENT ON COLUMN ods.ods_rx_gd_d.sqlx IS '诉求类型';
COMMENT ON COLUMN ods.ods_rx_gd_d.sfqx IS '事发区县';
COMMENT ON COLUMN ods.ods_rx_gd_d.cbdw IS '承办单位';
COMMENT ON COLUMN ods.ods_rx_gd_d.bjsj IS '办结时间';
COMMENT ON COLUMN ods.ods_rx_gd_d.myd IS '满意度评价';
COMMENT ON COLUMN ods.ods_rx_gd_d.dt IS '数据日期';

CREATE TABLE dwd.dwd_cs_sj (
  sjbh varchar(20) NOT NULL,
  sjly char(2) NOT NULL,
  sjdl char(2),
  sjxl char(4),
  bjbm varchar(16),
  wgbh varchar(14),
  xzqhdm varchar(12),
  fsdz varchar(200),
  sbsj timestamp,
  jasj timestamp,
  sjzt char(1),
  PRIMARY KEY (sjbh, sjly)
);
COMMENT ON TABLE dwd.dwd_cs_sj IS '城市事件统一明细表';
COMMENT ON COLUMN dwd.dwd_cs_sj.sjbh IS '事件编号';
COMMENT ON COLUMN dwd.dwd_cs_sj.sjly IS '事件来源';
COMMENT ON COLUMN dwd.dwd_cs_sj.sjdl IS '事件大类';
COMMENT ON COLUMN dwd.dwd_cs_sj.sjxl IS '事件小类';
COMMENT ON COLUMN dwd.dwd_cs_sj.bjbm IS '部件编码';
COMMENT ON COLUMN dwd.dwd_cs_sj.wgbh IS '网格编号';
COMMENT ON COLUMN dwd.dwd_cs_sj.xzqhdm IS '行政区划代码';
COMMENT ON COLUMN dwd.dwd_cs_sj.fsdz IS '发生地址';
COMMENT ON COLUMN dwd.dwd_cs_sj.sbsj IS '上报时间';
COMMENT ON COLUMN dwd.dwd_cs_sj.jasj IS '结案时间';
COMMENT ON COLUMN dwd.dwd_cs_sj.sjzt IS '事件状态';

CREATE TABLE dwd.dwd_zw_bj (
  slbh varchar(40) NOT NULL,
  sxbm varchar(60),
  sxmc varchar(200),
  cbbm varchar(100),
  slrq date,
  bjrq date,
  blts integer,
  cqbz char(1),
  PRIMARY KEY (slbh)
);
COMMENT ON TABLE dwd.dwd_zw_bj IS '政务服务办件明细表';
COMMENT ON COLUMN dwd.dwd_zw_bj.slbh IS '受理编号';
COMMENT ON COLUMN dwd.dwd_zw_bj.sxbm IS '事项编码';
COMMENT ON COLUMN dwd.dwd_zw_bj.sxmc IS '事项名称';
COMMENT ON COLUMN dwd.dwd_zw_bj.cbbm IS '承办部门名称';
COMMENT ON COLUMN dwd.dwd_zw_bj.slrq IS '受理日期';
COMMENT ON COLUMN dwd.dwd_zw_bj.bjrq IS '办结日期';
COMMENT ON COLUMN dwd.dwd_zw_bj.blts IS '办理天数';
COMMENT ON COLUMN dwd.dwd_zw_bj.cqbz IS '超期标志';

CREATE TABLE dwd.dwd_rx_gd (
  gdbh varchar(30) NOT NULL,
  sqlx char(2),
  xzqhdm varchar(12),
  cbdw varchar(100),
  ldsj timestamp,
  bjsj timestamp,
  blsc numeric(8,2),
  myd char(1),
  PRIMARY KEY (gdbh)
);
COMMENT ON TABLE dwd.dwd_rx_gd IS '热线工单明细表';
COMMENT ON COLUMN dwd.dwd_rx_gd.gdbh IS '工单编号';
COMMENT ON COLUMN dwd.dwd_rx_gd.sqlx IS '诉求类型';
COMMENT ON COLUMN dwd.dwd_rx_gd.xzqhdm IS '行政区划代码';
COMMENT ON COLUMN dwd.dwd_rx_gd.cbdw IS '承办单位';
COMMENT ON COLUMN dwd.dwd_rx_gd.ldsj IS '来电时间';
COMMENT ON COLUMN dwd.dwd_rx_gd.bjsj IS '办结时间';
COMMENT ON COLUMN dwd.dwd_rx_gd.blsc IS '办理时长';
COMMENT ON COLUMN dwd.dwd_rx_gd.myd IS '满意度评价';

CREATE TABLE dws.dws_aq_yhfx (
  xzqhdm varchar(12) NOT NULL,
  bjxl char(4) NOT NULL,
  sjs integer,
  wjss integer,
  yhs integer,
  zdyhs integer,
  fxz numeric(8,2),
  tjrq date NOT NULL,
  PRIMARY KEY (xzqhdm, bjxl, tjrq)
);
COMMENT ON TABLE dws.dws_aq_yhfx IS '区域安全风险汇总表';
COMMENT ON COLUMN dws.dws_aq_yhfx.xzqhdm IS '行政区划代码';
COMMENT ON COLUMN dws.dws_aq_yhfx.bjxl IS '部件小类';
COMMENT ON COLUMN dws.dws_aq_yhfx.sjs IS '事件数';
COMMENT ON COLUMN dws.dws_aq_yhfx.wjss IS '未结事件数';
COMMENT ON COLUMN dws.dws_aq_yhfx.yhs IS '隐患数';
COMMENT ON COLUMN dws.dws_aq_yhfx.zdyhs IS '重大隐患数';
COMMENT ON COLUMN dws.dws_aq_yhfx.fxz IS '风险值';
COMMENT ON COLUMN dws.dws_aq_yhfx.tjrq IS '统计日期';

CREATE TABLE dws.dws_zw_bjxl (
  cbbm varchar(100) NOT NULL,
  tjny char(6) NOT NULL,
  bjs integer,
  pjblts numeric(6,2),
  cqs integer,
  cqlv numeric(5,2),
  PRIMARY KEY (cbbm, tjny)
);
COMMENT ON TABLE dws.dws_zw_bjxl IS '政务办件效率汇总表';
COMMENT ON COLUMN dws.dws_zw_bjxl.cbbm IS '承办部门名称';
COMMENT ON COLUMN dws.dws_zw_bjxl.tjny IS '统计年月';
COMMENT ON COLUMN dws.dws_zw_bjxl.bjs IS '办件数';
COMMENT ON COLUMN dws.dws_zw_bjxl.pjblts IS '平均办理天数';
COMMENT ON COLUMN dws.dws_zw_bjxl.cqs IS '超期数';
COMMENT ON COLUMN dws.dws_zw_bjxl.cqlv IS '超期率';

CREATE TABLE dws.dws_rx_mydtj (
  cbdw varchar(100) NOT NULL,
  tjny char(6) NOT NULL,
  gds integer,
  pjblsc numeric(8,2),
  mylv numeric(5,2),
  PRIMARY KEY (cbdw, tjny)
);
COMMENT ON TABLE dws.dws_rx_mydtj IS '热线满意度汇总表';
COMMENT ON COLUMN dws.dws_rx_mydtj.cbdw IS '承办单位';
COMMENT ON COLUMN dws.dws_rx_mydtj.tjny IS '统计年月';
COMMENT ON COLUMN dws.dws_rx_mydtj.gds IS '工单数';
COMMENT ON COLUMN dws.dws_rx_mydtj.pjblsc IS '平均办理时长';
COMMENT ON COLUMN dws.dws_rx_mydtj.mylv IS '满意率';

CREATE TABLE ads.ads_ywtg_ts (
  zbbh varchar(20) NOT NULL,
  zbmc varchar(100),
  xzqhdm varchar(12) NOT NULL,
  zbz numeric(14,2),
  wjss integer,
  zdyhs integer,
  yjdj char(1),
  tjsj timestamp NOT NULL,
  PRIMARY KEY (zbbh, xzqhdm, tjsj)
);
COMMENT ON TABLE ads.ads_ywtg_ts IS '一网统管态势表';
COMMENT ON COLUMN ads.ads_ywtg_ts.zbbh IS '指标编号';
COMMENT ON COLUMN ads.ads_ywtg_ts.zbmc IS '指标名称';
COMMENT ON COLUMN ads.ads_ywtg_ts.xzqhdm IS '行政区划代码';
COMMENT ON COLUMN ads.ads_ywtg_ts.zbz IS '指标值';
COMMENT ON COLUMN ads.ads_ywtg_ts.wjss IS '未办结事件数';
COMMENT ON COLUMN ads.ads_ywtg_ts.zdyhs IS '重大隐患数';
COMMENT ON COLUMN ads.ads_ywtg_ts.yjdj IS '预警等级';
COMMENT ON COLUMN ads.ads_ywtg_ts.tjsj IS '统计时间';

CREATE TABLE ads.ads_zw_xlpm (
  cbbm varchar(100) NOT NULL,
  tjny char(6) NOT NULL,
  pjblts numeric(6,2),
  cqlv numeric(5,2),
  mylv numeric(5,2),
  pm integer,
  PRIMARY KEY (cbbm, tjny)
);
COMMENT ON TABLE ads.ads_zw_xlpm IS '政务办件效率排名表';
COMMENT ON COLUMN ads.ads_zw_xlpm.cbbm IS '承办部门名称';
COMMENT ON COLUMN ads.ads_zw_xlpm.tjny IS '统计年月';
COMMENT ON COLUMN ads.ads_zw_xlpm.pjblts IS '平均办理天数';
COMMENT ON COLUMN ads.ads_zw_xlpm.cqlv IS '超期率';
COMMENT ON COLUMN ads.ads_zw_xlpm.mylv IS '满意率';
COMMENT ON COLUMN ads.ads_zw_xlpm.pm IS '排名';

CREATE TABLE dws.dws_yh_zgl (
  xzqhdm varchar(12) NOT NULL,
  yhdj char(1) NOT NULL,
  yhs integer,
  yzgs integer,
  zgl numeric(5,2),
  tjrq date NOT NULL,
  PRIMARY KEY (xzqhdm, yhdj, tjrq)
);
COMMENT ON TABLE dws.dws_yh_zgl IS '隐患整改率汇总表';
COMMENT ON COLUMN dws.dws_yh_zgl.xzqhdm IS '行政区划代码';
COMMENT ON COLUMN dws.dws_yh_zgl.yhdj IS '隐患等级';
COMMENT ON COLUMN dws.dws_yh_zgl.yhs IS '隐患数';
COMMENT ON COLUMN dws.dws_yh_zgl.yzgs IS '已整改数';
COMMENT ON COLUMN dws.dws_yh_zgl.zgl IS '整改率';
COMMENT ON COLUMN dws.dws_yh_zgl.tjrq IS '统计日期';

CREATE TABLE ads.ads_cs_sjgf (
  xzqhdm varchar(12) NOT NULL,
  sjxl char(4) NOT NULL,
  sjs integer,
  pjczsc numeric(8,2),
  tjny char(6) NOT NULL,
  PRIMARY KEY (xzqhdm, sjxl, tjny)
);
COMMENT ON TABLE ads.ads_cs_sjgf IS '高发事件分析表';
COMMENT ON COLUMN ads.ads_cs_sjgf.xzqhdm IS '行政区划代码';
COMMENT ON COLUMN ads.ads_cs_sjgf.sjxl IS '事件小类';
COMMENT ON COLUMN ads.ads_cs_sjgf.sjs IS '事件数';
COMMENT ON COLUMN ads.ads_cs_sjgf.pjczsc IS '平均处置时长';
COMMENT ON COLUMN ads.ads_cs_sjgf.tjny IS '统计年月';

CREATE TABLE ads.ads_yh_dbqd (
  yhbh varchar(20) NOT NULL,
  dwmc varchar(200),
  yhdj char(1),
  xzqhdm varchar(12),
  pcrq date,
  yqts integer,
  PRIMARY KEY (yhbh)
);
COMMENT ON TABLE ads.ads_yh_dbqd IS '隐患督办清单表';
COMMENT ON COLUMN ads.ads_yh_dbqd.yhbh IS '隐患编号';
COMMENT ON COLUMN ads.ads_yh_dbqd.dwmc IS '单位名称';
COMMENT ON COLUMN ads.ads_yh_dbqd.yhdj IS '隐患等级';
COMMENT ON COLUMN ads.ads_yh_dbqd.xzqhdm IS '行政区划代码';
COMMENT ON COLUMN ads.ads_yh_dbqd.pcrq IS '排查日期';
COMMENT ON COLUMN ads.ads_yh_dbqd.yqts IS '逾期天数';

-- 上月满意率，供 dws_rx_mydtj 作业平滑使用
CREATE VIEW dws.v_rx_mydtj AS
SELECT cbdw, tjny, mylv
  FROM dws.dws_rx_mydtj
 WHERE tjny = TO_CHAR(CURRENT_DATE - INTERVAL '1 month', 'YYYYMM');
