-- 工业运行监测平台  建库脚本  2024-01

CREATE TABLE public.t_gmysgyqy (
  qymc varchar(200),
  tyshxydm varchar(18) NOT NULL,
  fddbrxm varchar(50),
  gbxy char(1),
  zycp varchar(100),
  rgsj varchar(100),
  qygm varchar(100),
  szyq varchar(100),
  cyrys integer,
  sscyl varchar(100),
  djzclx varchar(20),
  lxks varchar(100),
  gxsj timestamp,
  PRIMARY KEY (tyshxydm)
);
COMMENT ON TABLE public.t_gmysgyqy IS '规模以上工业企业信息表';
COMMENT ON COLUMN public.t_gmysgyqy.qymc IS '企业名称';
COMMENT ON COLUMN public.t_gmysgyqy.tyshxydm IS '统一社会信用代码';
COMMENT ON COLUMN public.t_gmysgyqy.fddbrxm IS '法定代表人姓名';
COMMENT ON COLUMN public.t_gmysgyqy.gbxy IS '国标行业';
COMMENT ON COLUMN public.t_gmysgyqy.zycp IS '主要产品';
COMMENT ON COLUMN public.t_gmysgyqy.rgsj IS '入规时间';
COMMENT ON COLUMN public.t_gmysgyqy.qygm IS '企业规模';
COMMENT ON COLUMN public.t_gmysgyqy.szyq IS '所在园区';
COMMENT ON COLUMN public.t_gmysgyqy.cyrys IS '从业人员数';
COMMENT ON COLUMN public.t_gmysgyqy.sscyl IS '所属产业链';
COMMENT ON COLUMN public.t_gmysgyqy.djzclx IS '登记注册类型';
COMMENT ON COLUMN public.t_gmysgyqy.lxks IS '联系科室';
COMMENT ON COLUMN public.t_gmysgyqy.gxsj IS '更新时间';

CREATE TABLE public.t_gyqyyxjc (
  qymc varchar(200),
  tyshxydm varchar(18) NOT NULL,
  jcyf varchar(6),
  gyzcz numeric(18,2),
  gyxscz numeric(18,2),
  ckjhz varchar(100),
  ydl numeric(18,2),
  yql numeric(18,2),
  cnlyl numeric(18,2),
  zsddje numeric(18,2),
  ccpch varchar(100),
  cyrypjrs integer,
  gxsj timestamp,
  PRIMARY KEY (tyshxydm)
);
COMMENT ON TABLE public.t_gyqyyxjc IS '工业企业运行监测信息表';
COMMENT ON COLUMN public.t_gyqyyxjc.qymc IS '企业名称';
COMMENT ON COLUMN public.t_gyqyyxjc.tyshxydm IS '统一社会信用代码';
COMMENT ON COLUMN public.t_gyqyyxjc.jcyf IS '监测月份';
COMMENT ON COLUMN public.t_gyqyyxjc.gyzcz IS '工业总产值';
COMMENT ON COLUMN public.t_gyqyyxjc.gyxscz IS '工业销售产值';
COMMENT ON COLUMN public.t_gyqyyxjc.ckjhz IS '出口交货值';
COMMENT ON COLUMN public.t_gyqyyxjc.ydl IS '用电量';
COMMENT ON COLUMN public.t_gyqyyxjc.yql IS '用气量';
COMMENT ON COLUMN public.t_gyqyyxjc.cnlyl IS '产能利用率';
COMMENT ON COLUMN public.t_gyqyyxjc.zsddje IS '在手订单金额';
COMMENT ON COLUMN public.t_gyqyyxjc.ccpch IS '产成品存货';
COMMENT ON COLUMN public.t_gyqyyxjc.cyrypjrs IS '从业人员平均人数';
COMMENT ON COLUMN public.t_gyqyyxjc.gxsj IS '更新时间';
