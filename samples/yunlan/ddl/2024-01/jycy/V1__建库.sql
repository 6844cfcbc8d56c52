-- 就业创业服务系统  建库脚本  2024-01

CREATE TABLE `t_rcrd` (
  `rczsbh` varchar(30) NOT NULL COMMENT '人才证书编号',
  `xm` varchar(50) DEFAULT NULL COMMENT '姓名',
  `zjhm` varchar(18) NOT NULL COMMENT '公民身份号码',
  `rclb` char(1) DEFAULT NULL COMMENT '人才类别',
  `rdyj` varchar(200) DEFAULT NULL COMMENT '认定依据',
  `yrdw` varchar(200) DEFAULT NULL COMMENT '用人单位名称',
  `tyshxydm` varchar(18) DEFAULT NULL COMMENT '统一社会信用代码',
  `rdrq` date DEFAULT NULL COMMENT '认定日期',
  `yxqz` date DEFAULT NULL COMMENT '有效期止',
  `rczt` char(1) DEFAULT NULL COMMENT '人才状态',
  `gxsj` datetime DEFAULT NULL COMMENT '更新时间',
  PRIMARY KEY (`rczsbh`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='高层次人才认定表';
