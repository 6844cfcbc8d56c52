-- 排污许可管理系统  建库脚本  2024-01

CREATE TABLE `t_pwxkz` (
  `dwmc` varchar(200) DEFAULT NULL COMMENT '单位名称',
  `tyshxydm` varchar(18) NOT NULL COMMENT '统一社会信用代码',
  `pwxkzbh` varchar(22) DEFAULT NULL COMMENT '排污许可证编号',
  `xylb` char(1) DEFAULT NULL COMMENT '行业类别',
  `gllb` varchar(20) DEFAULT NULL COMMENT '管理类别',
  `scjycsdz` varchar(200) DEFAULT NULL COMMENT '生产经营场所地址',
  `zywrwzl` varchar(20) DEFAULT NULL COMMENT '主要污染物种类',
  `xkpfl` decimal(18,2) DEFAULT NULL COMMENT '许可排放量',
  `fzrq` date DEFAULT NULL COMMENT '发证日期',
  `yxqq` date DEFAULT NULL COMMENT '有效期起',
  `yxqz` date DEFAULT NULL COMMENT '有效期止',
  `fzjg` varchar(100) DEFAULT NULL COMMENT '发证机关',
  `xkzt` varchar(20) DEFAULT NULL COMMENT '许可状态',
  `gxsj` datetime DEFAULT NULL COMMENT '更新时间',
  PRIMARY KEY (`tyshxydm`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='排污许可证信息表';
