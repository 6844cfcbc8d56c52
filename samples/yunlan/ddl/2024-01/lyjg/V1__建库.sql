-- 旅游监管服务平台  建库脚本  2024-01

CREATE TABLE `t_ajlyjq` (
  `jqmc` varchar(200) NOT NULL COMMENT '景区名称',
  `jqdj` varchar(20) DEFAULT NULL COMMENT '景区等级',
  `pdrq` date DEFAULT NULL COMMENT '评定日期',
  `szqx` varchar(100) DEFAULT NULL COMMENT '所在区县',
  `xdz` varchar(200) DEFAULT NULL COMMENT '详细地址',
  `jd` decimal(10,6) DEFAULT NULL COMMENT '经度',
  `wd` decimal(9,6) DEFAULT NULL COMMENT '纬度',
  `mpjg` decimal(18,2) DEFAULT NULL COMMENT '门票价格',
  `kfsj` varchar(100) DEFAULT NULL COMMENT '开放时间',
  `rzdczl` decimal(18,2) DEFAULT NULL COMMENT '日最大承载量',
  `sszdczl` decimal(18,2) DEFAULT NULL COMMENT '瞬时最大承载量',
  `jydwmc` varchar(200) DEFAULT NULL COMMENT '经营单位名称',
  `zxdh` varchar(100) DEFAULT NULL COMMENT '咨询电话',
  `tsdh` varchar(100) DEFAULT NULL COMMENT '投诉电话',
  `gxsj` datetime DEFAULT NULL COMMENT '更新时间',
  PRIMARY KEY (`jqmc`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='A级旅游景区信息表';

CREATE TABLE `t_jqsskl` (
  `jqmc` varchar(200) DEFAULT NULL COMMENT '景区名称',
  `jqbm` varchar(50) NOT NULL COMMENT '景区编码',
  `tjsj` datetime DEFAULT NULL COMMENT '统计时间',
  `drryrc` varchar(100) DEFAULT NULL COMMENT '当日入园人次',
  `sszyrc` varchar(100) DEFAULT NULL COMMENT '瞬时在园人次',
  `sszdczl` decimal(18,2) DEFAULT NULL COMMENT '瞬时最大承载量',
  `klbhd` varchar(100) DEFAULT NULL COMMENT '客流饱和度',
  `tccsypw` int DEFAULT NULL COMMENT '停车场剩余泊位',
  `yjdj` varchar(20) DEFAULT NULL COMMENT '拥挤等级',
  `yyrc` varchar(100) DEFAULT NULL COMMENT '预约人次',
  `gxsj` datetime DEFAULT NULL COMMENT '更新时间',
  PRIMARY KEY (`jqbm`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='景区实时客流信息表';
