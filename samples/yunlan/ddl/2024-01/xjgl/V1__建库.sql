-- 学籍管理系统  建库脚本  2024-01

CREATE TABLE `t_xxjb` (
  `xxmc` varchar(200) DEFAULT NULL COMMENT '学校名称',
  `xxbsm` varchar(50) DEFAULT NULL COMMENT '学校标识码',
  `tyshxydm` varchar(18) NOT NULL COMMENT '统一社会信用代码',
  `bxlx` varchar(20) DEFAULT NULL COMMENT '办学类型',
  `jbzxz` varchar(20) DEFAULT NULL COMMENT '举办者性质',
  `szqx` varchar(100) DEFAULT NULL COMMENT '所在区县',
  `xdz` varchar(200) DEFAULT NULL COMMENT '详细地址',
  `jd` decimal(10,6) DEFAULT NULL COMMENT '经度',
  `wd` decimal(9,6) DEFAULT NULL COMMENT '纬度',
  `jxnf` varchar(4) DEFAULT NULL COMMENT '建校年份',
  `zdmj` decimal(18,2) DEFAULT NULL COMMENT '占地面积',
  `xsmj` decimal(18,2) DEFAULT NULL COMMENT '校舍面积',
  `bjs` int DEFAULT NULL COMMENT '班级数',
  `zxss` int DEFAULT NULL COMMENT '在校生数',
  `jzgs` int DEFAULT NULL COMMENT '教职工数',
  `bxxkzh` varchar(50) DEFAULT NULL COMMENT '办学许可证号',
  `gxsj` datetime DEFAULT NULL COMMENT '更新时间',
  PRIMARY KEY (`tyshxydm`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='学校基本信息表';

CREATE TABLE `t_zxxsxj` (
  `xm` varchar(50) DEFAULT NULL COMMENT '姓名',
  `gmsfhm` varchar(18) NOT NULL COMMENT '公民身份号码',
  `xb` char(1) DEFAULT NULL COMMENT '性别',
  `csrq` date DEFAULT NULL COMMENT '出生日期',
  `xjh` varchar(50) DEFAULT NULL COMMENT '学籍号',
  `mz` char(2) DEFAULT NULL COMMENT '民族',
  `xxmc` varchar(200) DEFAULT NULL COMMENT '学校名称',
  `nj` varchar(100) DEFAULT NULL COMMENT '年级',
  `bj` varchar(100) DEFAULT NULL COMMENT '班级',
  `rxrq` date DEFAULT NULL COMMENT '入学日期',
  `jdfs` varchar(20) DEFAULT NULL COMMENT '就读方式',
  `hjszd` varchar(100) DEFAULT NULL COMMENT '户籍所在地',
  `jhrxm` varchar(50) DEFAULT NULL COMMENT '监护人姓名',
  `jhrlxdh` varchar(100) DEFAULT NULL COMMENT '监护人联系电话',
  `xjzt` varchar(20) DEFAULT NULL COMMENT '学籍状态',
  `gxsj` datetime DEFAULT NULL COMMENT '更新时间',
  PRIMARY KEY (`gmsfhm`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='中小学生学籍信息表';
