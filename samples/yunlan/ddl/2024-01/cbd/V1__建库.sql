-- 农村土地承包经营权管理系统  建库脚本  2024-01

CREATE TABLE `t_nctdcbjyq` (
  `cbfbm` varchar(50) NOT NULL COMMENT '承包方编码',
  `cbfdbxm` varchar(50) DEFAULT NULL COMMENT '承包方代表姓名',
  `cbfzjhm` varchar(18) DEFAULT NULL COMMENT '承包方证件号码',
  `fbfmc` varchar(200) DEFAULT NULL COMMENT '发包方名称',
  `cbhtbh` varchar(50) DEFAULT NULL COMMENT '承包合同编号',
  `dkbm` varchar(50) DEFAULT NULL COMMENT '地块编码',
  `dkmc` varchar(200) DEFAULT NULL COMMENT '地块名称',
  `scmj` decimal(18,2) DEFAULT NULL COMMENT '实测面积',
  `tdyt` varchar(100) DEFAULT NULL COMMENT '土地用途',
  `cbqsrq` date DEFAULT NULL COMMENT '承包起始日期',
  `cbzzrq` date DEFAULT NULL COMMENT '承包终止日期',
  `qzbh` varchar(50) DEFAULT NULL COMMENT '权证编号',
  `gxsj` datetime DEFAULT NULL COMMENT '更新时间',
  PRIMARY KEY (`cbfbm`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='农村土地承包经营权信息表';
