-- 法人单位基础信息库  建库脚本  2024-01

CREATE TABLE public.dwd_fr_jbxx (
  tyshxydm varchar(18) NOT NULL,
  dwmc varchar(200) NOT NULL,
  frlx char(2),
  fddbrxm varchar(50),
  zczb numeric(18,2),
  clrq date,
  zs varchar(200),
  gbhy char(1),
  jyfw varchar(2000),
  djjg varchar(100),
  djzt char(1),
  qwly varchar(100),
  gxsj timestamp,
  PRIMARY KEY (tyshxydm)
);
COMMENT ON TABLE public.dwd_fr_jbxx IS '法人单位基础信息表';
COMMENT ON COLUMN public.dwd_fr_jbxx.tyshxydm IS '统一社会信用代码';
COMMENT ON COLUMN public.dwd_fr_jbxx.dwmc IS '单位名称';
COMMENT ON COLUMN public.dwd_fr_jbxx.frlx IS '法人类型';
COMMENT ON COLUMN public.dwd_fr_jbxx.fddbrxm IS '法定代表人姓名';
COMMENT ON COLUMN public.dwd_fr_jbxx.zczb IS '注册资本';
COMMENT ON COLUMN public.dwd_fr_jbxx.clrq IS '成立日期';
COMMENT ON COLUMN public.dwd_fr_jbxx.zs IS '住所';
COMMENT ON COLUMN public.dwd_fr_jbxx.gbhy IS '国标行业';
COMMENT ON COLUMN public.dwd_fr_jbxx.jyfw IS '经营范围';
COMMENT ON COLUMN public.dwd_fr_jbxx.djjg IS '登记机关';
COMMENT ON COLUMN public.dwd_fr_jbxx.djzt IS '登记状态';
COMMENT ON COLUMN public.dwd_fr_jbxx.qwly IS '权威来源部门';
COMMENT ON COLUMN public.dwd_fr_jbxx.gxsj IS '更新时间';
