-- 科技型企业服务平台  建库脚本  2024-01

CREATE TABLE `t_gxjsqy` (
  `qymc` varchar(200) DEFAULT NULL COMMENT '企业名称',
  `tyshxydm` varchar(18) NOT NULL COMMENT '统一社会信用代码',
  `fddbrxm` varchar(50) DEFAULT NULL COMMENT '法定代表人姓名',
  `gqzsbh` varchar(50) DEFAULT NULL COMMENT '高企证书编号',
  `rdpc` varchar(100) DEFAULT NULL COMMENT '认定批次',
  `jsly` varchar(100) DEFAULT NULL COMMENT '技术领域',
  `fzrq` date DEFAULT NULL COMMENT '发证日期',
  `yxqz` date DEFAULT NULL COMMENT '有效期止',
  `szqx` varchar(100) DEFAULT NULL COMMENT '所在区县',
  `yfrys` int DEFAULT NULL COMMENT '研发人员数',
  `yffyzb` decimal(18,2) DEFAULT NULL COMMENT '研发费用占比',
  `gxcpsrzb` decimal(18,2) DEFAULT NULL COMMENT '高新产品收入占比',
  `gxsj` datetime DEFAULT NULL COMMENT '更新时间',
  PRIMARY KEY (`tyshxydm`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='高新技术企业信息表';

CREATE TABLE `t_kjxzxqyrk` (
  `qymc` varchar(200) DEFAULT NULL COMMENT '企业名称',
  `tyshxydm` varchar(18) NOT NULL COMMENT '统一社会信用代码',
  `fddbrxm` varchar(50) DEFAULT NULL COMMENT '法定代表人姓名',
  `rkdjbh` varchar(50) DEFAULT NULL COMMENT '入库登记编号',
  `pjnd` varchar(4) DEFAULT NULL COMMENT '评价年度',
  `rkrq` date DEFAULT NULL COMMENT '入库日期',
  `zhdf` decimal(18,2) DEFAULT NULL COMMENT '综合得分',
  `kjryzb` decimal(18,2) DEFAULT NULL COMMENT '科技人员占比',
  `yftrqd` varchar(100) DEFAULT NULL COMMENT '研发投入强度',
  `kjcgs` int DEFAULT NULL COMMENT '科技成果数',
  `zgzs` int DEFAULT NULL COMMENT '职工总数',
  `szqx` varchar(100) DEFAULT NULL COMMENT '所在区县',
  `gxsj` datetime DEFAULT NULL COMMENT '更新时间',
  PRIMARY KEY (`tyshxydm`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='科技型中小企业入库信息表';
