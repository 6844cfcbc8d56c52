-- 人口基础信息库  变更脚本  2025-01

ALTER TABLE public.dwd_rk_jbxx ADD COLUMN sjlydw varchar(100);
COMMENT ON COLUMN public.dwd_rk_jbxx.sjlydw IS '数据来源单位';
