-- 人口基础信息库  建库脚本  2024-01

CREATE TABLE public.dwd_rk_jbxx (
  zjhm varchar(18) NOT NULL,
  xm varchar(50) NOT NULL,
  cym varchar(50),
  xb char(1),
  mz char(2),
  csrq date,
  hyzk_dm char(2),
  whcd_dm char(2),
  hjdz varchar(200),
  jzdz varchar(200),
  sjhm varchar(11),
  hh varchar(9),
  yhzgx_dm char(2),
  swbz char(1),
  gxsj timestamp,
  PRIMARY KEY (zjhm)
);
COMMENT ON TABLE public.dwd_rk_jbxx IS '人口基本信息表';
COMMENT ON COLUMN public.dwd_rk_jbxx.zjhm IS '公民身份号码';
COMMENT ON COLUMN public.dwd_rk_jbxx.xm IS '姓名';
COMMENT ON COLUMN public.dwd_rk_jbxx.cym IS '曾用名';
COMMENT ON COLUMN public.dwd_rk_jbxx.xb IS '性别';
COMMENT ON COLUMN public.dwd_rk_jbxx.mz IS '民族';
COMMENT ON COLUMN public.dwd_rk_jbxx.csrq IS '出生日期';
COMMENT ON COLUMN public.dwd_rk_jbxx.hyzk_dm IS '婚姻状况';
COMMENT ON COLUMN public.dwd_rk_jbxx.whcd_dm IS '文化程度';
COMMENT ON COLUMN public.dwd_rk_jbxx.hjdz IS '户籍地址';
COMMENT ON COLUMN public.dwd_rk_jbxx.jzdz IS '居住地址';
COMMENT ON COLUMN public.dwd_rk_jbxx.sjhm IS '手机号码';
COMMENT ON COLUMN public.dwd_rk_jbxx.hh IS '户号';
COMMENT ON COLUMN public.dwd_rk_jbxx.yhzgx_dm IS '与户主关系';
COMMENT ON COLUMN public.dwd_rk_jbxx.swbz IS '死亡标志';
COMMENT ON COLUMN public.dwd_rk_jbxx.gxsj IS '更新时间';

CREATE TABLE public.dwd_rk_jhgx (
  jhgxid varchar(32) NOT NULL,
  zjhm varchar(18) NOT NULL,
  xm varchar(50),
  mqzjhm varchar(18),
  fqzjhm varchar(18),
  cszbh varchar(20),
  gxsj timestamp,
  PRIMARY KEY (jhgxid)
);
COMMENT ON TABLE public.dwd_rk_jhgx IS '人口监护关系表';
COMMENT ON COLUMN public.dwd_rk_jhgx.jhgxid IS '监护关系编号';
COMMENT ON COLUMN public.dwd_rk_jhgx.zjhm IS '公民身份号码';
COMMENT ON COLUMN public.dwd_rk_jhgx.xm IS '姓名';
COMMENT ON COLUMN public.dwd_rk_jhgx.mqzjhm IS '母亲证件号码';
COMMENT ON COLUMN public.dwd_rk_jhgx.fqzjhm IS '父亲证件号码';
COMMENT ON COLUMN public.dwd_rk_jhgx.cszbh IS '出生证编号';
COMMENT ON COLUMN public.dwd_rk_jhgx.gxsj IS '更新时间';
