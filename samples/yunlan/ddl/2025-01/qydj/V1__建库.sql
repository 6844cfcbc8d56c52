-- 企业登记管理系统  建库脚本  2024-01

CREATE TABLE `t_qyjbxx` (
  `tyshxydm` varchar(18) NOT NULL COMMENT '统一社会信用代码',
  `qymc` varchar(200) NOT NULL COMMENT '企业名称',
  `fddbrxm` varchar(50) DEFAULT NULL COMMENT '法定代表人姓名',
  `qylx` char(3) DEFAULT NULL COMMENT '企业类型',
  `zczb` decimal(18,2) DEFAULT NULL COMMENT '注册资本',
  `clrq` date DEFAULT NULL COMMENT '成立日期',
  `djjg` varchar(100) DEFAULT NULL COMMENT '登记机关',
  `gbhy` varchar(1) DEFAULT NULL COMMENT '国标行业',
  `jyfw` varchar(2000) DEFAULT NULL COMMENT '经营范围',
  `zs` varchar(200) DEFAULT NULL COMMENT '住所',
  `hzrq` date DEFAULT NULL COMMENT '核准日期',
  `djzt` char(1) DEFAULT NULL COMMENT '登记状态',
  `gxsj` datetime DEFAULT NULL COMMENT '更新时间',
  PRIMARY KEY (`tyshxydm`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='企业登记基本信息表';

CREATE TABLE `t_qybg` (
  `slbh` varchar(40) NOT NULL COMMENT '受理编号',
  `tyshxydm` varchar(18) NOT NULL COMMENT '统一社会信用代码',
  `qymc` varchar(200) DEFAULT NULL COMMENT '企业名称',
  `bgsx` varchar(100) DEFAULT NULL COMMENT '变更事项',
  `bgq` text DEFAULT NULL COMMENT '变更前内容',
  `bgh` text DEFAULT NULL COMMENT '变更后内容',
  `bgrq` date DEFAULT NULL COMMENT '变更日期',
  `hzjg` varchar(100) DEFAULT NULL COMMENT '核准机关',
  `gxsj` datetime DEFAULT NULL COMMENT '更新时间',
  PRIMARY KEY (`slbh`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='企业变更登记表';

CREATE TABLE `t_gtgsh` (
  `tyshxydm` varchar(18) NOT NULL COMMENT '统一社会信用代码',
  `zhmc` varchar(200) DEFAULT NULL COMMENT '字号名称',
  `jyzxm` varchar(50) DEFAULT NULL COMMENT '经营者姓名',
  `jyzzjhm` varchar(18) DEFAULT NULL COMMENT '经营者证件号码',
  `jycs` varchar(200) DEFAULT NULL COMMENT '经营场所地址',
  `zcxs` varchar(20) DEFAULT NULL COMMENT '组成形式',
  `jyfw` varchar(2000) DEFAULT NULL COMMENT '经营范围',
  `zjse` decimal(18,2) DEFAULT NULL COMMENT '资金数额',
  `clrq` date DEFAULT NULL COMMENT '成立日期',
  `djzt` char(1) DEFAULT NULL COMMENT '登记状态',
  `gxsj` datetime DEFAULT NULL COMMENT '更新时间',
  PRIMARY KEY (`tyshxydm`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='个体工商户登记表';
