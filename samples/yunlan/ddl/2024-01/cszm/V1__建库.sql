-- 出生医学证明管理系统  建库脚本  2024-01

CREATE TABLE `birth_cert` (
  `cszbh` varchar(20) NOT NULL COMMENT '出生证编号',
  `xsexm` varchar(50) DEFAULT NULL COMMENT '新生儿姓名',
  `xsexb` char(1) DEFAULT NULL COMMENT '新生儿性别',
  `cssj` datetime DEFAULT NULL COMMENT '出生时间',
  `csdd` varchar(100) DEFAULT NULL COMMENT '出生地点',
  `csyz` int DEFAULT NULL COMMENT '出生孕周',
  `cstz` int DEFAULT NULL COMMENT '出生体重',
  `mqxm` varchar(50) DEFAULT NULL COMMENT '母亲姓名',
  `mqzjhm` varchar(18) DEFAULT NULL COMMENT '母亲证件号码',
  `fqxm` varchar(50) DEFAULT NULL COMMENT '父亲姓名',
  `fqzjhm` varchar(18) DEFAULT NULL COMMENT '父亲证件号码',
  `qfjg` varchar(100) DEFAULT NULL COMMENT '签发机构',
  `qfrq` date DEFAULT NULL COMMENT '签发日期',
  `gxsj` datetime DEFAULT NULL COMMENT '更新时间',
  PRIMARY KEY (`cszbh`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='出生医学证明表';
