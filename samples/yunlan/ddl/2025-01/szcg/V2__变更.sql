-- 数字城管系统  变更脚本  2025-01

ALTER TABLE t_bj ADD COLUMN wgbh varchar(14);
COMMENT ON COLUMN t_bj.wgbh IS '网格编号';
