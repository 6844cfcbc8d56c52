-- 智慧水务平台  建库脚本  2024-01

CREATE TABLE public.t_hhczzr (
  hhbm varchar(50) NOT NULL,
  hhmc varchar(200),
  hhjb varchar(20),
  qdwz varchar(200),
  zdwz varchar(200),
  hdcd numeric(18,2),
  hczw varchar(100),
  zrdw varchar(200),
  jddh varchar(100),
  byxhcs integer,
  fxwts integer,
  gspbh varchar(50),
  gxsj timestamp,
  PRIMARY KEY (hhbm)
);
COMMENT ON TABLE public.t_hhczzr IS '河湖长制责任信息表';
COMMENT ON COLUMN public.t_hhczzr.hhbm IS '河湖编码';
COMMENT ON COLUMN public.t_hhczzr.hhmc IS '河湖名称';
COMMENT ON COLUMN public.t_hhczzr.hhjb IS '河湖级别';
COMMENT ON COLUMN public.t_hhczzr.qdwz IS '起点位置';
COMMENT ON COLUMN public.t_hhczzr.zdwz IS '终点位置';
COMMENT ON COLUMN public.t_hhczzr.hdcd IS '河段长度';
COMMENT ON COLUMN public.t_hhczzr.hczw IS '河长职务';
COMMENT ON COLUMN public.t_hhczzr.zrdw IS '责任单位';
COMMENT ON COLUMN public.t_hhczzr.jddh IS '监督电话';
COMMENT ON COLUMN public.t_hhczzr.byxhcs IS '本月巡河次数';
COMMENT ON COLUMN public.t_hhczzr.fxwts IS '发现问题数';
COMMENT ON COLUMN public.t_hhczzr.gspbh IS '公示牌编号';
COMMENT ON COLUMN public.t_hhczzr.gxsj IS '更新时间';

CREATE TABLE public.t_skgc (
  skbm varchar(50) NOT NULL,
  skmc varchar(200),
  zcdjh varchar(50),
  gcgm varchar(100),
  zkr numeric(18,2),
  bx varchar(100),
  bg numeric(18,2),
  xxsw numeric(18,2),
  jd numeric(10,6),
  wd numeric(9,6),
  gldwmc varchar(200),
  aqjdlb varchar(20),
  jdrq date,
  gxsj timestamp,
  PRIMARY KEY (skbm)
);
COMMENT ON TABLE public.t_skgc IS '水库工程信息表';
COMMENT ON COLUMN public.t_skgc.skbm IS '水库编码';
COMMENT ON COLUMN public.t_skgc.skmc IS '水库名称';
COMMENT ON COLUMN public.t_skgc.zcdjh IS '注册登记号';
COMMENT ON COLUMN public.t_skgc.gcgm IS '工程规模';
COMMENT ON COLUMN public.t_skgc.zkr IS '总库容';
COMMENT ON COLUMN public.t_skgc.bx IS '坝型';
COMMENT ON COLUMN public.t_skgc.bg IS '坝高';
COMMENT ON COLUMN public.t_skgc.xxsw IS '汛限水位';
COMMENT ON COLUMN public.t_skgc.jd IS '经度';
COMMENT ON COLUMN public.t_skgc.wd IS '纬度';
COMMENT ON COLUMN public.t_skgc.gldwmc IS '管理单位名称';
COMMENT ON COLUMN public.t_skgc.aqjdlb IS '安全鉴定类别';
COMMENT ON COLUMN public.t_skgc.jdrq IS '鉴定日期';
COMMENT ON COLUMN public.t_skgc.gxsj IS '更新时间';
