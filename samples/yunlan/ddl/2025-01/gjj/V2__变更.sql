-- 公积金核心业务系统  变更脚本  2025-01

ALTER TABLE `t_grzh` ADD COLUMN `sjhm` varchar(11) DEFAULT NULL COMMENT '手机号码';
