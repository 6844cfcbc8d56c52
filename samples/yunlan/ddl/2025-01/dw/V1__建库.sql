-- 数据中台  建库脚本  2024-01
CREATE SCHEMA IF NOT EXISTS ods;
CREATE SCHEMA IF NOT EXISTS dws;
CREATE SCHEMA IF NOT EXISTS ads;

CREATE TABLE ods.ods_ga_czrk_d (
  zjhm varchar(18),
  xm varchar(50),
  cym varchar(50),
  xb char(1),
  mz char(2),
  csrq date,
  hyzk char(2),
  whcd char(2),
  hjdz varchar(200),
  jzdz varchar(200),
  sjhm varchar(11),
  hh varchar(9),
  yhzgx char(2),
  swbz char(1),
  gxsj timestamp,
  dt char(8)
);
COMMENT ON TABLE ods.ods_ga_czrk_d IS '公安常住人口贴源表';
COMMENT ON COLUMN ods.ods_ga_czrk_d.zjhm IS '公民身份号码';
COMMENT ON COLUMN ods.ods_ga_czrk_d.xm IS '姓名';
COMMENT ON COLUMN ods.ods_ga_czrk_d.cym IS '曾用名';
COMMENT ON COLUMN ods.ods_ga_czrk_d.xb IS '性别';
COMMENT ON COLUMN ods.ods_ga_czrk_d.mz IS '民族';
COMMENT ON COLUMN ods.ods_ga_czrk_d.csrq IS '出生日期';
COMMENT ON COLUMN ods.ods_ga_czrk_d.hyzk IS '婚姻状况';
COMMENT ON COLUMN ods.ods_ga_czrk_d.whcd IS '文化程度';
COMMENT ON COLUMN ods.ods_ga_czrk_d.hjdz IS '户籍地址';
COMMENT ON COLUMN ods.ods_ga_czrk_d.jzdz IS '居住地址';
COMMENT ON COLUMN ods.ods_ga_czrk_d.sjhm IS '手机号码';
COMMENT ON COLUMN ods.ods_ga_czrk_d.hh IS '户号';
COMMENT ON COLUMN ods.ods_ga_czrk_d.yhzgx IS '与户主关系';
COMMENT ON COLUMN ods.ods_ga_czrk_d.swbz IS '死亡标志';
COMMENT ON COLUMN ods.ods_ga_czrk_d.gxsj IS '更新时间';
COMMENT ON COLUMN ods.ods_ga_czrk_d.dt IS '数据日期';

CREATE TABLE ods.ods_mz_hydj_d (
  djzh varchar(30),
  zjhm varchar(18),
  po_zjhm varchar(18),
  hyzk char(2),
  djlb char(2),
  djrq date,
  djjg varchar(100),
  dt char(8)
);
COMMENT ON TABLE ods.ods_mz_hydj_d IS '民政婚姻登记贴源表';
COMMENT ON COLUMN ods.ods_mz_hydj_d.djzh IS '登记字号';
COMMENT ON COLUMN ods.ods_mz_hydj_d.zjhm IS '公民身份号码';
COMMENT ON COLUMN ods.ods_mz_hydj_d.po_zjhm IS '配偶证件号码';
COMMENT ON COLUMN ods.ods_mz_hydj_d.hyzk IS '婚姻状况';
COMMENT ON COLUMN ods.ods_mz_hydj_d.djlb IS '登记类别';
COMMENT ON COLUMN ods.ods_mz_hydj_d.djrq IS '登记日期';
COMMENT ON COLUMN ods.ods_mz_hydj_d.djjg IS '登记机关';
COMMENT ON COLUMN ods.ods_mz_hydj_d.dt IS '数据日期';

CREATE TABLE ods.ods_wj_csyx_d (
  cszbh varchar(20),
  xm varchar(50),
  xb char(1),
  csrq date,
  csdd varchar(100),
  mqzjhm varchar(18),
  fqzjhm varchar(18),
  qfjg varchar(100),
  dt char(8)
);
COMMENT ON TABLE ods.ods_wj_csyx_d IS '卫健出生医学证明贴源表';
COMMENT ON COLUMN ods.ods_wj_csyx_d.cszbh IS '出生证编号';
COMMENT ON COLUMN ods.ods_wj_csyx_d.xm IS '新生儿姓名';
COMMENT ON COLUMN ods.ods_wj_csyx_d.xb IS '性别';
COMMENT ON COLUMN ods.ods_wj_csyx_d.csrq IS '出生日期';
COMMENT ON COLUMN ods.ods_wj_csyx_d.csdd IS '出生地点';
COMMENT ON COLUMN ods.ods_wj_csyx_d.mqzjhm IS '母亲证件号码';
COMMENT ON COLUMN ods.ods_wj_csyx_d.fqzjhm IS '父亲证件号码';
COMMENT ON COLUMN ods.ods_wj_csyx_d.qfjg IS '签发机构';
COMMENT ON COLUMN ods.ods_wj_csyx_d.dt IS '数据日期';

CREATE TABLE ods.ods_sj_qy_d (
  tyshxydm varchar(18),
  qymc varchar(200),
  fddbrxm varchar(50),
  qylx char(3),
  zczb numeric(18,2),
  clrq date,
  djjg varchar(100),
  gbhy char(1),
  jyfw varchar(2000),
  zs varchar(200),
  djzt char(1),
  hzrq date,
  dt char(8)
);
COMMENT ON TABLE ods.ods_sj_qy_d IS '市监企业登记贴源表';
COMMENT ON COLUMN ods.ods_sj_qy_d.tyshxydm IS '统一社会信用代码';
COMMENT ON COLUMN ods.ods_sj_qy_d.qymc IS '企业名称';
COMMENT ON COLUMN ods.ods_sj_qy_d.fddbrxm IS '法定代表人姓名';
COMMENT ON COLUMN ods.ods_sj_qy_d.qylx IS '企业类型';
COMMENT ON COLUMN ods.ods_sj_qy_d.zczb IS '注册资本';
COMMENT ON COLUMN ods.ods_sj_qy_d.clrq IS '成立日期';
COMMENT ON COLUMN ods.ods_sj_qy_d.djjg IS '登记机关';
COMMENT ON COLUMN ods.ods_sj_qy_d.gbhy IS '国标行业';
COMMENT ON COLUMN ods.ods_sj_qy_d.jyfw IS '经营范围';
COMMENT ON COLUMN ods.ods_sj_qy_d.zs IS '住所';
COMMENT ON COLUMN ods.ods_sj_qy_d.djzt IS '登记状态';
COMMENT ON COLUMN ods.ods_sj_qy_d.hzrq IS '核准日期';
COMMENT ON COLUMN ods.ods_sj_qy_d.dt IS '数据日期';

CREATE TABLE ods.ods_sw_qsxx_d (
  tyshxydm varchar(18),
  nsrmc varchar(200),
  sz varchar(50),
  qsje numeric(18,2),
  qsqj varchar(20),
  ggrq date,
  dt char(8)
);
COMMENT ON TABLE ods.ods_sw_qsxx_d IS '欠税公告贴源表';
COMMENT ON COLUMN ods.ods_sw_qsxx_d.tyshxydm IS '统一社会信用代码';
COMMENT ON COLUMN ods.ods_sw_qsxx_d.nsrmc IS '纳税人名称';
COMMENT ON COLUMN ods.ods_sw_qsxx_d.sz IS '欠缴税种';
COMMENT ON COLUMN ods.ods_sw_qsxx_d.qsje IS '欠税金额';
COMMENT ON COLUMN ods.ods_sw_qsxx_d.qsqj IS '欠税期间';
COMMENT ON COLUMN ods.ods_sw_qsxx_d.ggrq IS '公告日期';
COMMENT ON COLUMN ods.ods_sw_qsxx_d.dt IS '数据日期';

CREATE TABLE ods.ods_sf_xzcf_d (
  cfjdws varchar(100),
  tyshxydm varchar(18),
  xdrmc varchar(200),
  cflb char(1),
  fkje numeric(18,2),
  cfjdrq date,
  cfjg varchar(100),
  dt char(8)
);
COMMENT ON TABLE ods.ods_sf_xzcf_d IS '行政处罚贴源表';
COMMENT ON COLUMN ods.ods_sf_xzcf_d.cfjdws IS '行政处罚决定书文号';
COMMENT ON COLUMN ods.ods_sf_xzcf_d.tyshxydm IS '统一社会信用代码';
COMMENT ON COLUMN ods.ods_sf_xzcf_d.xdrmc IS '行政相对人名称';
COMMENT ON COLUMN ods.ods_sf_xzcf_d.cflb IS '处罚类别';
COMMENT ON COLUMN ods.ods_sf_xzcf_d.fkje IS '罚款金额';
COMMENT ON COLUMN ods.ods_sf_xzcf_d.cfjdrq IS '处罚决定日期';
COMMENT ON COLUMN ods.ods_sf_xzcf_d.cfjg IS '处罚机关';
COMMENT ON COLUMN ods.ods_sf_xzcf_d.dt IS '数据日期';

CREATE TABLE ods.ods_rs_sb_d (
  grbh varchar(20),
  zjhm varchar(18),
  xm varchar(50),
  cbxz char(3),
  jfny char(6),
  jfjs numeric(12,2),
  dwmc varchar(200),
  jfzt char(1),
  dt char(8)
);
COMMENT ON TABLE ods.ods_rs_sb_d IS '社保缴费贴源表';
COMMENT ON COLUMN ods.ods_rs_sb_d.grbh IS '个人编号';
COMMENT ON COLUMN ods.ods_rs_sb_d.zjhm IS '公民身份号码';
COMMENT ON COLUMN ods.ods_rs_sb_d.xm IS '姓名';
COMMENT ON COLUMN ods.ods_rs_sb_d.cbxz IS '参保险种';
COMMENT ON COLUMN ods.ods_rs_sb_d.jfny IS '缴费年月';
COMMENT ON COLUMN ods.ods_rs_sb_d.jfjs IS '缴费基数';
COMMENT ON COLUMN ods.ods_rs_sb_d.dwmc IS '单位名称';
COMMENT ON COLUMN ods.ods_rs_sb_d.jfzt IS '缴费状态';
COMMENT ON COLUMN ods.ods_rs_sb_d.dt IS '数据日期';

CREATE TABLE ods.ods_gjj_grzh_d (
  grzh varchar(20),
  zjhm varchar(18),
  xm varchar(50),
  dwmc varchar(200),
  yjce numeric(12,2),
  zhye numeric(14,2),
  jzny char(6),
  zhzt char(2),
  dt char(8)
);
COMMENT ON TABLE ods.ods_gjj_grzh_d IS '公积金个人账户贴源表';
COMMENT ON COLUMN ods.ods_gjj_grzh_d.grzh IS '个人账号';
COMMENT ON COLUMN ods.ods_gjj_grzh_d.zjhm IS '公民身份号码';
COMMENT ON COLUMN ods.ods_gjj_grzh_d.xm IS '姓名';
COMMENT ON COLUMN ods.ods_gjj_grzh_d.dwmc IS '单位名称';
COMMENT ON COLUMN ods.ods_gjj_grzh_d.yjce IS '月缴存额';
COMMENT ON COLUMN ods.ods_gjj_grzh_d.zhye IS '账户余额';
COMMENT ON COLUMN ods.ods_gjj_grzh_d.jzny IS '缴至年月';
COMMENT ON COLUMN ods.ods_gjj_grzh_d.zhzt IS '账户状态';
COMMENT ON COLUMN ods.ods_gjj_grzh_d.dt IS '数据日期';

CREATE TABLE ods.ods_gjj_jcmx_d (
  grzh varchar(20),
  hjny char(6),
  dwjce numeric(12,2),
  grjce numeric(12,2),
  rzrq date,
  dt char(8)
);
COMMENT ON TABLE ods.ods_gjj_jcmx_d IS '公积金缴存明细贴源表';
COMMENT ON COLUMN ods.ods_gjj_jcmx_d.grzh IS '个人账号';
COMMENT ON COLUMN ods.ods_gjj_jcmx_d.hjny IS '汇缴年月';
COMMENT ON COLUMN ods.ods_gjj_jcmx_d.dwjce IS '单位缴存额';
COMMENT ON COLUMN ods.ods_gjj_jcmx_d.grjce IS '个人缴存额';
COMMENT ON COLUMN ods.ods_gjj_jcmx_d.rzrq IS '入账日期';
COMMENT ON COLUMN ods.ods_gjj_jcmx_d.dt IS '数据日期';

CREATE TABLE ods.ods_yb_cb_d (
  zjhm varchar(18),
  xm varchar(50),
  xzlx char(3),
  jfny char(6),
  jfjs numeric(12,2),
  cbzt char(1),
  dt char(8)
);
COMMENT ON TABLE ods.ods_yb_cb_d IS '医保参保缴费贴源表';
COMMENT ON COLUMN ods.ods_yb_cb_d.zjhm IS '公民身份号码';
COMMENT ON COLUMN ods.ods_yb_cb_d.xm IS '姓名';
COMMENT ON COLUMN ods.ods_yb_cb_d.xzlx IS '险种类型';
COMMENT ON COLUMN ods.ods_yb_cb_d.jfny IS '缴费年月';
COMMENT ON COLUMN ods.ods_yb_cb_d.jfjs IS '缴费基数';
COMMENT ON COLUMN ods.ods_yb_cb_d.cbzt IS '参保状态';
COMMENT ON COLUMN ods.ods_yb_cb_d.dt IS '数据日期';

CREATE TABLE ods.ods_bdc_fwqs_d (
  bdcdyh varchar(28),
  qlrzjhm varchar(18),
  qllx char(1),
  fwyt varchar(20),
  jzmj numeric(12,2),
  djrq date,
  qszt char(1),
  dt char(8)
);
COMMENT ON TABLE ods.ods_bdc_fwqs_d IS '不动产房屋权属贴源表';
COMMENT ON COLUMN ods.ods_bdc_fwqs_d.bdcdyh IS '不动产单元号';
COMMENT ON COLUMN ods.ods_bdc_fwqs_d.qlrzjhm IS '权利人证件号码';
COMMENT ON COLUMN ods.ods_bdc_fwqs_d.qllx IS '权利类型';
COMMENT ON COLUMN ods.ods_bdc_fwqs_d.fwyt IS '房屋用途';
COMMENT ON COLUMN ods.ods_bdc_fwqs_d.jzmj IS '建筑面积';
COMMENT ON COLUMN ods.ods_bdc_fwqs_d.djrq IS '登记日期';
COMMENT ON COLUMN ods.ods_bdc_fwqs_d.qszt IS '权属状态';
COMMENT ON COLUMN ods.ods_bdc_fwqs_d.dt IS '数据日期';

CREATE TABLE ods.ods_rs_rcrd_d (
  zjhm varchar(18),
  xm varchar(50),
  rclb char(1),
  rdrq date,
  yxqz date,
  dt char(8)
);
COMMENT ON TABLE ods.ods_rs_rcrd_d IS '人才认定贴源表';
COMMENT ON COLUMN ods.ods_rs_rcrd_d.zjhm IS '公民身份号码';
COMMENT ON COLUMN ods.ods_rs_rcrd_d.xm IS '姓名';
COMMENT ON COLUMN ods.ods_rs_rcrd_d.rclb IS '人才类别';
COMMENT ON COLUMN ods.ods_rs_rcrd_d.rdrq IS '认定日期';
COMMENT ON COLUMN ods.ods_rs_rcrd_d.yxqz IS '有效期止';
COMMENT ON COLUMN ods.ods_rs_rcrd_d.dt IS '数据日期';

CREATE TABLE dws.dws_rk_lnr (
  zjhm varchar(18) NOT NULL,
  xm varchar(50),
  xb char(1),
  csrq date,
  nl integer,
  hyzk char(2),
  hjdz varchar(200),
  jzdz varchar(200),
  sjhm varchar(11),
  tjrq date,
  PRIMARY KEY (zjhm)
);
COMMENT ON TABLE dws.dws_rk_lnr IS '老年人口汇总表';
COMMENT ON COLUMN dws.dws_rk_lnr.zjhm IS '公民身份号码';
COMMENT ON COLUMN dws.dws_rk_lnr.xm IS '姓名';
COMMENT ON COLUMN dws.dws_rk_lnr.xb IS '性别';
COMMENT ON COLUMN dws.dws_rk_lnr.csrq IS '出生日期';
COMMENT ON COLUMN dws.dws_rk_lnr.nl IS '年龄';
COMMENT ON COLUMN dws.dws_rk_lnr.hyzk IS '婚姻状况';
COMMENT ON COLUMN dws.dws_rk_lnr.hjdz IS '户籍地址';
COMMENT ON COLUMN dws.dws_rk_lnr.jzdz IS '居住地址';
COMMENT ON COLUMN dws.dws_rk_lnr.sjhm IS '手机号码';
COMMENT ON COLUMN dws.dws_rk_lnr.tjrq IS '统计日期';

CREATE TABLE dws.dws_rk_hytj (
  hyzk_dm char(2) NOT NULL,
  xb char(1) NOT NULL,
  rs bigint,
  tjrq date NOT NULL,
  PRIMARY KEY (hyzk_dm, xb, tjrq)
);
COMMENT ON TABLE dws.dws_rk_hytj IS '婚姻状况人口统计表';
COMMENT ON COLUMN dws.dws_rk_hytj.hyzk_dm IS '婚姻状况';
COMMENT ON COLUMN dws.dws_rk_hytj.xb IS '性别';
COMMENT ON COLUMN dws.dws_rk_hytj.rs IS '人数';
COMMENT ON COLUMN dws.dws_rk_hytj.tjrq IS '统计日期';

CREATE TABLE dws.dws_xy_qydf (
  xydm char(20) NOT NULL,
  qymc varchar(200),
  gbhy char(1),
  cfkf numeric(5,2),
  qskf numeric(5,2),
  pjdf numeric(5,2),
  xydj char(1),
  pjrq date,
  PRIMARY KEY (xydm)
);
COMMENT ON TABLE dws.dws_xy_qydf IS '企业信用得分表';
COMMENT ON COLUMN dws.dws_xy_qydf.xydm IS '统一社会信用代码';
COMMENT ON COLUMN dws.dws_xy_qydf.qymc IS '企业名称';
COMMENT ON COLUMN dws.dws_xy_qydf.gbhy IS '国标行业';
COMMENT ON COLUMN dws.dws_xy_qydf.cfkf IS '行政处罚扣分';
COMMENT ON COLUMN dws.dws_xy_qydf.qskf IS '欠税扣分';
COMMENT ON COLUMN dws.dws_xy_qydf.pjdf IS '评价得分';
COMMENT ON COLUMN dws.dws_xy_qydf.xydj IS '信用等级';
COMMENT ON COLUMN dws.dws_xy_qydf.pjrq IS '评价日期';

CREATE TABLE dws.dws_ms_grjfys (
  zjhm varchar(18) NOT NULL,
  xm varchar(50),
  sbys integer,
  gjjys integer,
  ybys integer,
  zjjfny char(6),
  tjny char(6),
  PRIMARY KEY (zjhm)
);
COMMENT ON TABLE dws.dws_ms_grjfys IS '个人缴费月数汇总表';
COMMENT ON COLUMN dws.dws_ms_grjfys.zjhm IS '公民身份号码';
COMMENT ON COLUMN dws.dws_ms_grjfys.xm IS '姓名';
COMMENT ON COLUMN dws.dws_ms_grjfys.sbys IS '社保缴费月数';
COMMENT ON COLUMN dws.dws_ms_grjfys.gjjys IS '公积金缴存月数';
COMMENT ON COLUMN dws.dws_ms_grjfys.ybys IS '医保缴费月数';
COMMENT ON COLUMN dws.dws_ms_grjfys.zjjfny IS '最近缴费年月';
COMMENT ON COLUMN dws.dws_ms_grjfys.tjny IS '统计年月';

CREATE TABLE ads.ads_gl_jt (
  zjhm varchar(18) NOT NULL,
  xm varchar(50),
  nl integer,
  jtdc char(1),
  sfdj char(1),
  ffbz numeric(8,2),
  hjdz varchar(200),
  sjhm varchar(11),
  ffny char(6),
  PRIMARY KEY (zjhm)
);
COMMENT ON TABLE ads.ads_gl_jt IS '高龄津贴对象表';
COMMENT ON COLUMN ads.ads_gl_jt.zjhm IS '公民身份号码';
COMMENT ON COLUMN ads.ads_gl_jt.xm IS '姓名';
COMMENT ON COLUMN ads.ads_gl_jt.nl IS '年龄';
COMMENT ON COLUMN ads.ads_gl_jt.jtdc IS '津贴档次';
COMMENT ON COLUMN ads.ads_gl_jt.sfdj IS '是否独居';
COMMENT ON COLUMN ads.ads_gl_jt.ffbz IS '发放标准';
COMMENT ON COLUMN ads.ads_gl_jt.hjdz IS '户籍地址';
COMMENT ON COLUMN ads.ads_gl_jt.sjhm IS '手机号码';
COMMENT ON COLUMN ads.ads_gl_jt.ffny IS '发放月份';

CREATE TABLE ads.ads_xy_hmd (
  tyshxydm varchar(18) NOT NULL,
  qymc varchar(200),
  pjdf numeric(5,2),
  xydj char(1),
  lrsy varchar(200),
  lrrq date,
  PRIMARY KEY (tyshxydm)
);
COMMENT ON TABLE ads.ads_xy_hmd IS '失信惩戒名单表';
COMMENT ON COLUMN ads.ads_xy_hmd.tyshxydm IS '统一社会信用代码';
COMMENT ON COLUMN ads.ads_xy_hmd.qymc IS '企业名称';
COMMENT ON COLUMN ads.ads_xy_hmd.pjdf IS '评价得分';
COMMENT ON COLUMN ads.ads_xy_hmd.xydj IS '信用等级';
COMMENT ON COLUMN ads.ads_xy_hmd.lrsy IS '列入事由';
COMMENT ON COLUMN ads.ads_xy_hmd.lrrq IS '列入日期';

CREATE TABLE ads.ads_xy_hongmd (
  tyshxydm varchar(18) NOT NULL,
  qymc varchar(200),
  pjdf numeric(5,2),
  jlcs varchar(200),
  lrrq date,
  PRIMARY KEY (tyshxydm)
);
COMMENT ON TABLE ads.ads_xy_hongmd IS '守信激励名单表';
COMMENT ON COLUMN ads.ads_xy_hongmd.tyshxydm IS '统一社会信用代码';
COMMENT ON COLUMN ads.ads_xy_hongmd.qymc IS '企业名称';
COMMENT ON COLUMN ads.ads_xy_hongmd.pjdf IS '评价得分';
COMMENT ON COLUMN ads.ads_xy_hongmd.jlcs IS '激励措施';
COMMENT ON COLUMN ads.ads_xy_hongmd.lrrq IS '列入日期';

CREATE TABLE ads.ads_xy_hytj (
  gbhy char(1) NOT NULL,
  qys bigint,
  pjf numeric(5,2),
  cfqys bigint,
  tjrq date NOT NULL,
  PRIMARY KEY (gbhy, tjrq)
);
COMMENT ON TABLE ads.ads_xy_hytj IS '行业信用统计表';
COMMENT ON COLUMN ads.ads_xy_hytj.gbhy IS '国标行业';
COMMENT ON COLUMN ads.ads_xy_hytj.qys IS '企业数';
COMMENT ON COLUMN ads.ads_xy_hytj.pjf IS '平均得分';
COMMENT ON COLUMN ads.ads_xy_hytj.cfqys IS '受处罚企业数';
COMMENT ON COLUMN ads.ads_xy_hytj.tjrq IS '统计日期';

CREATE TABLE ads.ads_rc_gfzg (
  zjhm varchar(18) NOT NULL,
  xm varchar(50),
  rclb char(1),
  sbys integer,
  gjjys integer,
  yfbz char(1),
  zgjg char(1),
  hyrq date,
  PRIMARY KEY (zjhm)
);
COMMENT ON TABLE ads.ads_rc_gfzg IS '人才购房资格表';
COMMENT ON COLUMN ads.ads_rc_gfzg.zjhm IS '公民身份号码';
COMMENT ON COLUMN ads.ads_rc_gfzg.xm IS '姓名';
COMMENT ON COLUMN ads.ads_rc_gfzg.rclb IS '人才类别';
COMMENT ON COLUMN ads.ads_rc_gfzg.sbys IS '社保缴费月数';
COMMENT ON COLUMN ads.ads_rc_gfzg.gjjys IS '公积金缴存月数';
COMMENT ON COLUMN ads.ads_rc_gfzg.yfbz IS '有房标志';
COMMENT ON COLUMN ads.ads_rc_gfzg.zgjg IS '资格结果';
COMMENT ON COLUMN ads.ads_rc_gfzg.hyrq IS '核验日期';

CREATE TABLE ads.ads_qy_cfph (
  tyshxydm varchar(18) NOT NULL,
  qymc varchar(200),
  cfcs integer,
  fkhj numeric(18,2),
  zjcfrq date,
  PRIMARY KEY (tyshxydm)
);
COMMENT ON TABLE ads.ads_qy_cfph IS '企业处罚排行表';
COMMENT ON COLUMN ads.ads_qy_cfph.tyshxydm IS '统一社会信用代码';
COMMENT ON COLUMN ads.ads_qy_cfph.qymc IS '企业名称';
COMMENT ON COLUMN ads.ads_qy_cfph.cfcs IS '处罚次数';
COMMENT ON COLUMN ads.ads_qy_cfph.fkhj IS '罚款合计';
COMMENT ON COLUMN ads.ads_qy_cfph.zjcfrq IS '最近处罚日期';

CREATE TABLE ads.ads_rk_nljg (
  nld varchar(10) NOT NULL,
  xb char(1) NOT NULL,
  rs bigint,
  tjrq date NOT NULL,
  PRIMARY KEY (nld, xb, tjrq)
);
COMMENT ON TABLE ads.ads_rk_nljg IS '人口年龄结构表';
COMMENT ON COLUMN ads.ads_rk_nljg.nld IS '年龄段';
COMMENT ON COLUMN ads.ads_rk_nljg.xb IS '性别';
COMMENT ON COLUMN ads.ads_rk_nljg.rs IS '人数';
COMMENT ON COLUMN ads.ads_rk_nljg.tjrq IS '统计日期';
