-- 企业登记管理系统  变更脚本  2025-01

ALTER TABLE `t_qyjbxx` ADD COLUMN `jyqxq` date DEFAULT NULL COMMENT '经营期限起';

ALTER TABLE `t_qyjbxx` ADD COLUMN `jyqxz` date DEFAULT NULL COMMENT '经营期限止';
