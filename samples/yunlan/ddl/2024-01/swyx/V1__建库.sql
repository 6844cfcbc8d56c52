-- 商务运行监测系统  建库脚本  2024-01

CREATE TABLE `t_shxfpls` (
  `qymc` varchar(200) DEFAULT NULL COMMENT '企业名称',
  `tyshxydm` varchar(18) NOT NULL COMMENT '统一社会信用代码',
  `jcyf` varchar(6) DEFAULT NULL COMMENT '监测月份',
  `ytlx` varchar(20) DEFAULT NULL COMMENT '业态类型',
  `bylse` decimal(18,2) DEFAULT NULL COMMENT '本月零售额',
  `ljlse` decimal(18,2) DEFAULT NULL COMMENT '累计零售额',
  `tbzs` decimal(18,2) DEFAULT NULL COMMENT '同比增速',
  `wllse` decimal(18,2) DEFAULT NULL COMMENT '网络零售额',
  `yymj` decimal(18,2) DEFAULT NULL COMMENT '营业面积',
  `cyrys` int DEFAULT NULL COMMENT '从业人员数',
  `szqx` varchar(100) DEFAULT NULL COMMENT '所在区县',
  `gxsj` datetime DEFAULT NULL COMMENT '更新时间',
  PRIMARY KEY (`tyshxydm`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='社会消费品零售信息表';
