-- 一体化政务服务平台  建库脚本  2024-01

CREATE TABLE public.t_zwfwbj (
  slbh varchar(40) NOT NULL,
  sxbm varchar(60) NOT NULL,
  sxmc varchar(200),
  sqrmc varchar(200),
  sqrzjhm varchar(18),
  cbbm varchar(100),
  slrq date,
  bjrq date,
  bjzt char(1),
  spjg varchar(20),
  PRIMARY KEY (slbh)
);
COMMENT ON TABLE public.t_zwfwbj IS '政务服务办件表';
COMMENT ON COLUMN public.t_zwfwbj.slbh IS '受理编号';
COMMENT ON COLUMN public.t_zwfwbj.sxbm IS '事项编码';
COMMENT ON COLUMN public.t_zwfwbj.sxmc IS '事项名称';
COMMENT ON COLUMN public.t_zwfwbj.sqrmc IS '申请人名称';
COMMENT ON COLUMN public.t_zwfwbj.sqrzjhm IS '申请人证件号码';
COMMENT ON COLUMN public.t_zwfwbj.cbbm IS '承办部门名称';
COMMENT ON COLUMN public.t_zwfwbj.slrq IS '受理日期';
COMMENT ON COLUMN public.t_zwfwbj.bjrq IS '办结日期';
COMMENT ON COLUMN public.t_zwfwbj.bjzt IS '办理状态';
COMMENT ON COLUMN public.t_zwfwbj.spjg IS '审批结果';

CREATE TABLE public.t_zwfwsx (
  sxmc varchar(200),
  sxbm varchar(60) NOT NULL,
  sxlx varchar(20),
  ssztmc varchar(200),
  xscj varchar(100),
  fdbjsx date,
  cnbjsx date,
  dxccs integer,
  sfbz char(1),
  bldd varchar(200),
  zxdh varchar(100),
  sdyj varchar(100),
  gxsj timestamp,
  PRIMARY KEY (sxbm)
);
COMMENT ON TABLE public.t_zwfwsx IS '政务服务事项信息表';
COMMENT ON COLUMN public.t_zwfwsx.sxmc IS '事项名称';
COMMENT ON COLUMN public.t_zwfwsx.sxbm IS '事项编码';
COMMENT ON COLUMN public.t_zwfwsx.sxlx IS '事项类型';
COMMENT ON COLUMN public.t_zwfwsx.ssztmc IS '实施主体名称';
COMMENT ON COLUMN public.t_zwfwsx.xscj IS '行使层级';
COMMENT ON COLUMN public.t_zwfwsx.fdbjsx IS '法定办结时限';
COMMENT ON COLUMN public.t_zwfwsx.cnbjsx IS '承诺办结时限';
COMMENT ON COLUMN public.t_zwfwsx.dxccs IS '到现场次数';
COMMENT ON COLUMN public.t_zwfwsx.sfbz IS '收费标志';
COMMENT ON COLUMN public.t_zwfwsx.bldd IS '办理地点';
COMMENT ON COLUMN public.t_zwfwsx.zxdh IS '咨询电话';
COMMENT ON COLUMN public.t_zwfwsx.sdyj IS '设定依据';
COMMENT ON COLUMN public.t_zwfwsx.gxsj IS '更新时间';
