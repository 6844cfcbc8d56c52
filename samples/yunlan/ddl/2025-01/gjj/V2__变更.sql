-- 公积金核心业务系统  变更脚本  2025-01

ALTER TABLE `t_grzh` ADD COLUMN `skyh` varchar(100) DEFAULT NULL COMMENT '收款银行';
