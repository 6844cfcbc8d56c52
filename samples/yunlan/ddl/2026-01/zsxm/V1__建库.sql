-- 招商项目管理系统  建库脚本  2024-01

CREATE TABLE `t_zsqy` (
  `xmbh` varchar(30) NOT NULL COMMENT '项目编号',
  `xmmc` varchar(200) NOT NULL COMMENT '项目名称',
  `tzfmc` varchar(200) DEFAULT NULL COMMENT '投资方名称',
  `gbhy` char(1) DEFAULT NULL COMMENT '国标行业',
  `xytze` decimal(18,2) DEFAULT NULL COMMENT '协议投资额',
  `gdzctz` decimal(18,2) DEFAULT NULL COMMENT '固定资产投资额',
  `ldyq` varchar(100) DEFAULT NULL COMMENT '落地园区',
  `qyrq` date DEFAULT NULL COMMENT '签约日期',
  `dwzj` decimal(18,2) DEFAULT NULL COMMENT '到位资金',
  `lyjd` varchar(20) DEFAULT NULL COMMENT '履约进度',
  `gxsj` datetime DEFAULT NULL COMMENT '更新时间',
  PRIMARY KEY (`xmbh`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='招商引资签约项目表';

CREATE TABLE `t_zsxs` (
  `xsbh` varchar(30) NOT NULL COMMENT '线索编号',
  `xmmc` varchar(200) NOT NULL COMMENT '项目名称',
  `tzfmc` varchar(200) DEFAULT NULL COMMENT '投资方名称',
  `cyfx` varchar(100) DEFAULT NULL COMMENT '产业方向',
  `yxtze` decimal(18,2) DEFAULT NULL COMMENT '意向投资额',
  `gjdw` varchar(100) DEFAULT NULL COMMENT '跟进单位',
  `zjdjrq` date DEFAULT NULL COMMENT '最近对接日期',
  `qtjd` varchar(20) DEFAULT NULL COMMENT '洽谈阶段',
  PRIMARY KEY (`xsbh`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='招商项目线索表';

CREATE TABLE `t_zsztkj` (
  `ztbh` varchar(50) NOT NULL COMMENT '载体编号',
  `ztmc` varchar(200) DEFAULT NULL COMMENT '载体名称',
  `ztlx` varchar(20) DEFAULT NULL COMMENT '载体类型',
  `szyq` varchar(100) DEFAULT NULL COMMENT '所在园区',
  `szqx` varchar(100) DEFAULT NULL COMMENT '所在区县',
  `xdz` varchar(200) DEFAULT NULL COMMENT '详细地址',
  `jd` decimal(10,6) DEFAULT NULL COMMENT '经度',
  `wd` decimal(9,6) DEFAULT NULL COMMENT '纬度',
  `kgmj` decimal(18,2) DEFAULT NULL COMMENT '可供面积',
  `zsjg` decimal(18,2) DEFAULT NULL COMMENT '租售价格',
  `cghz` varchar(100) DEFAULT NULL COMMENT '层高荷载',
  `pttj` varchar(2000) DEFAULT NULL COMMENT '配套条件',
  `ztzt` varchar(20) DEFAULT NULL COMMENT '载体状态',
  `gxsj` datetime DEFAULT NULL COMMENT '更新时间',
  PRIMARY KEY (`ztbh`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='招商载体空间信息表';

CREATE TABLE `t_zshd` (
  `hdbh` varchar(50) NOT NULL COMMENT '活动编号',
  `hdmc` varchar(200) DEFAULT NULL COMMENT '活动名称',
  `hdlx` varchar(20) DEFAULT NULL COMMENT '活动类型',
  `jbdd` varchar(200) DEFAULT NULL COMMENT '举办地点',
  `jbrq` date DEFAULT NULL COMMENT '举办日期',
  `zbdw` varchar(200) DEFAULT NULL COMMENT '主办单位',
  `chqys` int DEFAULT NULL COMMENT '参会企业数',
  `qyxms` int DEFAULT NULL COMMENT '签约项目数',
  `qyje` decimal(18,2) DEFAULT NULL COMMENT '签约金额',
  `hdzj` varchar(2000) DEFAULT NULL COMMENT '活动总结',
  `gxsj` datetime DEFAULT NULL COMMENT '更新时间',
  PRIMARY KEY (`hdbh`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='招商活动信息表';
