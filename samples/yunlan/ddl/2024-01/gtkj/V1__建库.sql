-- 国土空间基础信息平台  建库脚本  2024-01

CREATE TABLE public.t_gyjsydgy (
  htbh varchar(50) NOT NULL,
  zdbh varchar(50),
  tdsyqrmc varchar(200),
  zl varchar(200),
  gyfs varchar(20),
  tdyt varchar(100),
  gymj numeric(18,2),
  cjjk varchar(100),
  rjlsx varchar(100),
  synx numeric(18,2),
  qdrq date,
  ydkgrq date,
  gxsj timestamp,
  PRIMARY KEY (htbh)
);
COMMENT ON TABLE public.t_gyjsydgy IS '国有建设用地供应信息表';
COMMENT ON COLUMN public.t_gyjsydgy.htbh IS '合同编号';
COMMENT ON COLUMN public.t_gyjsydgy.zdbh IS '宗地编号';
COMMENT ON COLUMN public.t_gyjsydgy.tdsyqrmc IS '土地使用权人名称';
COMMENT ON COLUMN public.t_gyjsydgy.zl IS '坐落';
COMMENT ON COLUMN public.t_gyjsydgy.gyfs IS '供应方式';
COMMENT ON COLUMN public.t_gyjsydgy.tdyt IS '土地用途';
COMMENT ON COLUMN public.t_gyjsydgy.gymj IS '供应面积';
COMMENT ON COLUMN public.t_gyjsydgy.cjjk IS '成交价款';
COMMENT ON COLUMN public.t_gyjsydgy.rjlsx IS '容积率上限';
COMMENT ON COLUMN public.t_gyjsydgy.synx IS '使用年限';
COMMENT ON COLUMN public.t_gyjsydgy.qdrq IS '签订日期';
COMMENT ON COLUMN public.t_gyjsydgy.ydkgrq IS '约定开工日期';
COMMENT ON COLUMN public.t_gyjsydgy.gxsj IS '更新时间';
