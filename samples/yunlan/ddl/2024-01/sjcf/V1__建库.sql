-- 行政执法监督平台  建库脚本  2024-01

CREATE TABLE `t_xzcf` (
  `cfjdws` varchar(100) NOT NULL COMMENT '行政处罚决定书文号',
  `xdrmc` varchar(200) NOT NULL COMMENT '行政相对人名称',
  `tyshxydm` varchar(18) DEFAULT NULL COMMENT '统一社会信用代码',
  `wfss` text DEFAULT NULL COMMENT '违法事实',
  `cfyj` text DEFAULT NULL COMMENT '处罚依据',
  `cflb` char(1) DEFAULT NULL COMMENT '处罚类别',
  `cfnr` text DEFAULT NULL COMMENT '处罚内容',
  `fkje` decimal(18,2) DEFAULT NULL COMMENT '罚款金额',
  `mswfje` decimal(18,2) DEFAULT NULL COMMENT '没收违法所得金额',
  `cfjdrq` date DEFAULT NULL COMMENT '处罚决定日期',
  `gsjzrq` date DEFAULT NULL COMMENT '公示截止日期',
  `cfjg` varchar(100) DEFAULT NULL COMMENT '处罚机关',
  `gxsj` datetime DEFAULT NULL COMMENT '更新时间',
  PRIMARY KEY (`cfjdws`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='行政处罚信息表';

CREATE TABLE `t_xzzfzt` (
  `zfztmc` varchar(200) DEFAULT NULL COMMENT '执法主体名称',
  `tyshxydm` varchar(18) NOT NULL COMMENT '统一社会信用代码',
  `ztlb` varchar(20) DEFAULT NULL COMMENT '主体类别',
  `zfly` varchar(100) DEFAULT NULL COMMENT '执法领域',
  `zfyj` varchar(100) DEFAULT NULL COMMENT '执法依据',
  `wtjgmc` varchar(200) DEFAULT NULL COMMENT '委托机关名称',
  `wtqxz` varchar(100) DEFAULT NULL COMMENT '委托期限止',
  `bgdz` varchar(200) DEFAULT NULL COMMENT '办公地址',
  `jddh` varchar(100) DEFAULT NULL COMMENT '监督电话',
  `zfrys` int DEFAULT NULL COMMENT '执法人员数',
  `ggrq` date DEFAULT NULL COMMENT '公告日期',
  `gxsj` datetime DEFAULT NULL COMMENT '更新时间',
  PRIMARY KEY (`tyshxydm`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='行政执法主体信息表';

CREATE TABLE `t_xzzfzj` (
  `xm` varchar(50) DEFAULT NULL COMMENT '姓名',
  `gmsfhm` varchar(18) NOT NULL COMMENT '公民身份号码',
  `zfzbh` varchar(50) DEFAULT NULL COMMENT '执法证编号',
  `sszfdw` varchar(200) DEFAULT NULL COMMENT '所属执法单位',
  `zfqy` varchar(100) DEFAULT NULL COMMENT '执法区域',
  `zflb` varchar(20) DEFAULT NULL COMMENT '执法类别',
  `fzrq` date DEFAULT NULL COMMENT '发证日期',
  `yxqz` date DEFAULT NULL COMMENT '有效期止',
  `zjzt` varchar(20) DEFAULT NULL COMMENT '证件状态',
  `pxxs` varchar(100) DEFAULT NULL COMMENT '培训学时',
  `kscj` varchar(100) DEFAULT NULL COMMENT '考试成绩',
  `gxsj` datetime DEFAULT NULL COMMENT '更新时间',
  PRIMARY KEY (`gmsfhm`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='行政执法证件信息表';
