-- 政务数据共享交换平台  建库脚本  2024-01

CREATE TABLE public.t_zwsjzyml (
  xxzydm varchar(50) NOT NULL,
  xxzymc varchar(200),
  tgfmc varchar(200),
  gxlx varchar(20),
  kflx varchar(20),
  gxzq varchar(100),
  xxxsl numeric(18,2),
  gjzysl numeric(18,2),
  fbrq date,
  mlzt varchar(20),
  zjgxsj timestamp,
  gxsj timestamp,
  PRIMARY KEY (xxzydm)
);
COMMENT ON TABLE public.t_zwsjzyml IS '政务数据资源目录信息表';
COMMENT ON COLUMN public.t_zwsjzyml.xxzydm IS '信息资源代码';
COMMENT ON COLUMN public.t_zwsjzyml.xxzymc IS '信息资源名称';
COMMENT ON COLUMN public.t_zwsjzyml.tgfmc IS '提供方名称';
COMMENT ON COLUMN public.t_zwsjzyml.gxlx IS '共享类型';
COMMENT ON COLUMN public.t_zwsjzyml.kflx IS '开放类型';
COMMENT ON COLUMN public.t_zwsjzyml.gxzq IS '更新周期';
COMMENT ON COLUMN public.t_zwsjzyml.xxxsl IS '信息项数量';
COMMENT ON COLUMN public.t_zwsjzyml.gjzysl IS '挂接资源数量';
COMMENT ON COLUMN public.t_zwsjzyml.fbrq IS '发布日期';
COMMENT ON COLUMN public.t_zwsjzyml.mlzt IS '目录状态';
COMMENT ON COLUMN public.t_zwsjzyml.zjgxsj IS '最近更新时间';
COMMENT ON COLUMN public.t_zwsjzyml.gxsj IS '更新时间';
