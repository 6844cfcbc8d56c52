-- 12345政务服务便民热线平台  建库脚本  2024-01

CREATE TABLE `t_rxgd` (
  `gdbh` varchar(30) NOT NULL COMMENT '工单编号',
  `ldsj` datetime DEFAULT NULL COMMENT '来电时间',
  `sqrxm` varchar(50) DEFAULT NULL COMMENT '诉求人姓名',
  `lxdh` varchar(20) DEFAULT NULL COMMENT '联系电话',
  `sqlx` char(2) DEFAULT NULL COMMENT '诉求类型',
  `sqnr` text DEFAULT NULL COMMENT '诉求内容',
  `sfqx` varchar(12) DEFAULT NULL COMMENT '事发区县',
  `cbdw` varchar(100) DEFAULT NULL COMMENT '承办单位',
  `bjsj` datetime DEFAULT NULL COMMENT '办结时间',
  `myd` char(1) DEFAULT NULL COMMENT '满意度评价',
  PRIMARY KEY (`gdbh`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='热线工单表';
