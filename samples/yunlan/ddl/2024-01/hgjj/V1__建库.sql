-- 宏观经济数据库系统  建库脚本  2024-01

CREATE TABLE public.t_gmjjhs (
  tjsq varchar(100) NOT NULL,
  qhmc varchar(200),
  dqsczz numeric(18,2),
  dycyzjz numeric(18,2),
  decyzjz numeric(18,2),
  dscyzjz numeric(18,2),
  tbzs numeric(18,2),
  sccyjg varchar(100),
  rjdqsczz numeric(18,2),
  sjxz varchar(20),
  gxsj timestamp,
  PRIMARY KEY (tjsq)
);
COMMENT ON TABLE public.t_gmjjhs IS '国民经济核算信息表';
COMMENT ON COLUMN public.t_gmjjhs.tjsq IS '统计时期';
COMMENT ON COLUMN public.t_gmjjhs.qhmc IS '区划名称';
COMMENT ON COLUMN public.t_gmjjhs.dqsczz IS '地区生产总值';
COMMENT ON COLUMN public.t_gmjjhs.dycyzjz IS '第一产业增加值';
COMMENT ON COLUMN public.t_gmjjhs.decyzjz IS '第二产业增加值';
COMMENT ON COLUMN public.t_gmjjhs.dscyzjz IS '第三产业增加值';
COMMENT ON COLUMN public.t_gmjjhs.tbzs IS '同比增速';
COMMENT ON COLUMN public.t_gmjjhs.sccyjg IS '三次产业结构';
COMMENT ON COLUMN public.t_gmjjhs.rjdqsczz IS '人均地区生产总值';
COMMENT ON COLUMN public.t_gmjjhs.sjxz IS '数据性质';
COMMENT ON COLUMN public.t_gmjjhs.gxsj IS '更新时间';

CREATE TABLE public.t_gdzctztj (
  tjyf varchar(6) NOT NULL,
  qhmc varchar(200),
  gbxy char(1),
  bnljtze numeric(18,2),
  tbzs numeric(18,2),
  xmtze numeric(18,2),
  fdckftze numeric(18,2),
  mjtze numeric(18,2),
  xkgxms integer,
  jzazgctze numeric(18,2),
  gxsj timestamp,
  PRIMARY KEY (tjyf)
);
COMMENT ON TABLE public.t_gdzctztj IS '固定资产投资统计信息表';
COMMENT ON COLUMN public.t_gdzctztj.tjyf IS '统计月份';
COMMENT ON COLUMN public.t_gdzctztj.qhmc IS '区划名称';
COMMENT ON COLUMN public.t_gdzctztj.gbxy IS '国标行业';
COMMENT ON COLUMN public.t_gdzctztj.bnljtze IS '本年累计投资额';
COMMENT ON COLUMN public.t_gdzctztj.tbzs IS '同比增速';
COMMENT ON COLUMN public.t_gdzctztj.xmtze IS '项目投资额';
COMMENT ON COLUMN public.t_gdzctztj.fdckftze IS '房地产开发投资额';
COMMENT ON COLUMN public.t_gdzctztj.mjtze IS '民间投资额';
COMMENT ON COLUMN public.t_gdzctztj.xkgxms IS '新开工项目数';
COMMENT ON COLUMN public.t_gdzctztj.jzazgctze IS '建筑安装工程投资额';
COMMENT ON COLUMN public.t_gdzctztj.gxsj IS '更新时间';
