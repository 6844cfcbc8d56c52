-- 食品安全监管平台  建库脚本  2024-01

CREATE TABLE `t_spjyxk` (
  `jyzmc` varchar(200) DEFAULT NULL COMMENT '经营者名称',
  `tyshxydm` varchar(18) NOT NULL COMMENT '统一社会信用代码',
  `xkzbh` varchar(50) DEFAULT NULL COMMENT '许可证编号',
  `ztyt` varchar(100) DEFAULT NULL COMMENT '主体业态',
  `jyxm` varchar(100) DEFAULT NULL COMMENT '经营项目',
  `jycsdz` varchar(200) DEFAULT NULL COMMENT '经营场所地址',
  `fddbrxm` varchar(50) DEFAULT NULL COMMENT '法定代表人姓名',
  `fzjg` varchar(100) DEFAULT NULL COMMENT '发证机关',
  `fzrq` date DEFAULT NULL COMMENT '发证日期',
  `yxqz` date DEFAULT NULL COMMENT '有效期止',
  `fxdj` varchar(20) DEFAULT NULL COMMENT '风险等级',
  `xkzt` varchar(20) DEFAULT NULL COMMENT '许可状态',
  `gxsj` datetime DEFAULT NULL COMMENT '更新时间',
  PRIMARY KEY (`tyshxydm`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='食品经营许可信息表';
