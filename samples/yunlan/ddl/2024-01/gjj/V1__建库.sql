-- 公积金核心业务系统  建库脚本  2024-01

CREATE TABLE `t_grzh` (
  `grzh` varchar(20) NOT NULL COMMENT '个人账号',
  `zjhm` varchar(15) NOT NULL COMMENT '公民身份号码',
  `xm` varchar(50) NOT NULL COMMENT '姓名',
  `dwzh` varchar(20) DEFAULT NULL COMMENT '单位账号',
  `dwmc` varchar(200) DEFAULT NULL COMMENT '单位名称',
  `khrq` date DEFAULT NULL COMMENT '开户日期',
  `jcjs` decimal(12,2) DEFAULT NULL COMMENT '缴存基数',
  `jcbl` decimal(5,2) DEFAULT NULL COMMENT '缴存比例',
  `yjce` decimal(12,2) DEFAULT NULL COMMENT '月缴存额',
  `zhye` decimal(14,2) DEFAULT NULL COMMENT '账户余额',
  `jzny` char(6) DEFAULT NULL COMMENT '缴至年月',
  `zhzt` char(2) DEFAULT NULL COMMENT '账户状态',
  `gxsj` datetime DEFAULT NULL COMMENT '更新时间',
  PRIMARY KEY (`grzh`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='住房公积金个人账户表';

CREATE TABLE `t_jcmx` (
  `lsh` varchar(30) NOT NULL COMMENT '业务流水号',
  `grzh` varchar(20) NOT NULL COMMENT '个人账号',
  `hjny` char(6) DEFAULT NULL COMMENT '汇缴年月',
  `ywlx` char(2) DEFAULT NULL COMMENT '业务类型',
  `dwjce` decimal(12,2) DEFAULT NULL COMMENT '单位缴存额',
  `grjce` decimal(12,2) DEFAULT NULL COMMENT '个人缴存额',
  `rzrq` date DEFAULT NULL COMMENT '入账日期',
  `zhye` decimal(14,2) DEFAULT NULL COMMENT '账户余额',
  `gxsj` datetime DEFAULT NULL COMMENT '更新时间',
  PRIMARY KEY (`lsh`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='住房公积金缴存明细表';

CREATE TABLE `t_tqxx` (
  `lsh` varchar(30) NOT NULL COMMENT '业务流水号',
  `grzh` varchar(20) NOT NULL COMMENT '个人账号',
  `tqyy` char(2) DEFAULT NULL COMMENT '提取原因',
  `tqje` decimal(14,2) DEFAULT NULL COMMENT '提取金额',
  `tqrq` date DEFAULT NULL COMMENT '提取日期',
  `skyh` varchar(100) DEFAULT NULL COMMENT '收款银行',
  `yhzh` varchar(30) DEFAULT NULL COMMENT '银行账号',
  `tqhye` decimal(14,2) DEFAULT NULL COMMENT '提取后余额',
  `gxsj` datetime DEFAULT NULL COMMENT '更新时间',
  PRIMARY KEY (`lsh`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='住房公积金提取表';

CREATE TABLE `t_zfgjjdk` (
  `xm` varchar(50) DEFAULT NULL COMMENT '姓名',
  `gmsfhm` varchar(18) NOT NULL COMMENT '公民身份号码',
  `dkhtbh` varchar(50) DEFAULT NULL COMMENT '贷款合同编号',
  `fwzl` varchar(200) DEFAULT NULL COMMENT '房屋坐落',
  `fwzj` decimal(18,2) DEFAULT NULL COMMENT '房屋总价',
  `dkje` decimal(18,2) DEFAULT NULL COMMENT '贷款金额',
  `dkqx` date DEFAULT NULL COMMENT '贷款期限',
  `dkll` decimal(18,2) DEFAULT NULL COMMENT '贷款利率',
  `ffrq` date DEFAULT NULL COMMENT '发放日期',
  `dkye` decimal(18,2) DEFAULT NULL COMMENT '贷款余额',
  `yqqs` int DEFAULT NULL COMMENT '逾期期数',
  `dbfs` varchar(20) DEFAULT NULL COMMENT '担保方式',
  `dkzt` varchar(20) DEFAULT NULL COMMENT '贷款状态',
  `gxsj` datetime DEFAULT NULL COMMENT '更新时间',
  PRIMARY KEY (`gmsfhm`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='住房公积金贷款信息表';
