-- 数字城管系统  建库脚本  2024-01

CREATE TABLE t_bj (
  bjbm varchar(16) NOT NULL,
  bjmc varchar(50) NOT NULL,
  bjdl char(2),
  bjxl char(4),
  zgdw varchar(100),
  qsdw varchar(100),
  yhdw varchar(100),
  jd numeric(10,6),
  wd numeric(9,6),
  pcrq date,
  bjzt char(1),
  PRIMARY KEY (bjbm)
);
COMMENT ON TABLE t_bj IS '城市部件表';
COMMENT ON COLUMN t_bj.bjbm IS '部件编码';
COMMENT ON COLUMN t_bj.bjmc IS '部件名称';
COMMENT ON COLUMN t_bj.bjdl IS '部件大类';
COMMENT ON COLUMN t_bj.bjxl IS '部件小类';
COMMENT ON COLUMN t_bj.zgdw IS '主管单位';
COMMENT ON COLUMN t_bj.qsdw IS '权属单位';
COMMENT ON COLUMN t_bj.yhdw IS '养护单位';
COMMENT ON COLUMN t_bj.jd IS '经度';
COMMENT ON COLUMN t_bj.wd IS '纬度';
COMMENT ON COLUMN t_bj.pcrq IS '普查日期';
COMMENT ON COLUMN t_bj.bjzt IS '部件状态';

CREATE TABLE t_sj (
  sjbh varchar(20) NOT NULL,
  sjdl char(2),
  sjxl char(4),
  wtly char(1),
  bjbm varchar(16),
  wtms text,
  fsdz varchar(200),
  jd numeric(10,6),
  wd numeric(9,6),
  sbsj timestamp,
  lasj timestamp,
  czdw varchar(100),
  jasj timestamp,
  sjzt char(1),
  PRIMARY KEY (sjbh)
);
COMMENT ON TABLE t_sj IS '城市管理事件表';
COMMENT ON COLUMN t_sj.sjbh IS '事件编号';
COMMENT ON COLUMN t_sj.sjdl IS '事件大类';
COMMENT ON COLUMN t_sj.sjxl IS '事件小类';
COMMENT ON COLUMN t_sj.wtly IS '问题来源';
COMMENT ON COLUMN t_sj.bjbm IS '部件编码';
COMMENT ON COLUMN t_sj.wtms IS '问题描述';
COMMENT ON COLUMN t_sj.fsdz IS '发生地址';
COMMENT ON COLUMN t_sj.jd IS '经度';
COMMENT ON COLUMN t_sj.wd IS '纬度';
COMMENT ON COLUMN t_sj.sbsj IS '上报时间';
COMMENT ON COLUMN t_sj.lasj IS '立案时间';
COMMENT ON COLUMN t_sj.czdw IS '处置单位';
COMMENT ON COLUMN t_sj.jasj IS '结案时间';
COMMENT ON COLUMN t_sj.sjzt IS '事件状态';

CREATE TABLE t_hwggszxk (
  xkzbh varchar(50) NOT NULL,
  sqdwmc varchar(200),
  tyshxydm varchar(18),
  szdd varchar(200),
  gglx varchar(20),
  ggcc varchar(100),
  szcz varchar(100),
  fzrq date,
  yxqq date,
  yxqz date,
  aqjcrq date,
  xkzt varchar(20),
  gxsj timestamp,
  PRIMARY KEY (xkzbh)
);
COMMENT ON TABLE t_hwggszxk IS '户外广告设置许可信息表';
COMMENT ON COLUMN t_hwggszxk.xkzbh IS '许可证编号';
COMMENT ON COLUMN t_hwggszxk.sqdwmc IS '申请单位名称';
COMMENT ON COLUMN t_hwggszxk.tyshxydm IS '统一社会信用代码';
COMMENT ON COLUMN t_hwggszxk.szdd IS '设置地点';
COMMENT ON COLUMN t_hwggszxk.gglx IS '广告类型';
COMMENT ON COLUMN t_hwggszxk.ggcc IS '广告尺寸';
COMMENT ON COLUMN t_hwggszxk.szcz IS '设置材质';
COMMENT ON COLUMN t_hwggszxk.fzrq IS '发证日期';
COMMENT ON COLUMN t_hwggszxk.yxqq IS '有效期起';
COMMENT ON COLUMN t_hwggszxk.yxqz IS '有效期止';
COMMENT ON COLUMN t_hwggszxk.aqjcrq IS '安全检测日期';
COMMENT ON COLUMN t_hwggszxk.xkzt IS '许可状态';
COMMENT ON COLUMN t_hwggszxk.gxsj IS '更新时间';
