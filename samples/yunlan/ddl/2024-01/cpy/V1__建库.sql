-- 成品油经营管理系统  建库脚本  2024-01

CREATE TABLE `t_cpylsjyzg` (
  `jyzmc` varchar(200) DEFAULT NULL COMMENT '加油站名称',
  `tyshxydm` varchar(18) NOT NULL COMMENT '统一社会信用代码',
  `pzzsbh` varchar(50) DEFAULT NULL COMMENT '批准证书编号',
  `qylx` varchar(3) DEFAULT NULL COMMENT '企业类型',
  `szqx` varchar(100) DEFAULT NULL COMMENT '所在区县',
  `xdz` varchar(200) DEFAULT NULL COMMENT '详细地址',
  `jd` decimal(10,6) DEFAULT NULL COMMENT '经度',
  `wd` decimal(9,6) DEFAULT NULL COMMENT '纬度',
  `jyjts` int DEFAULT NULL COMMENT '加油机台数',
  `ygzrl` decimal(18,2) DEFAULT NULL COMMENT '油罐总容量',
  `jypz` varchar(100) DEFAULT NULL COMMENT '经营品种',
  `fzrq` date DEFAULT NULL COMMENT '发证日期',
  `yxqz` date DEFAULT NULL COMMENT '有效期止',
  `njjl` varchar(20) DEFAULT NULL COMMENT '年检结论',
  `gxsj` datetime DEFAULT NULL COMMENT '更新时间',
  PRIMARY KEY (`tyshxydm`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='成品油零售经营资格信息表';
