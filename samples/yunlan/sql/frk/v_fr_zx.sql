-- 视图: v_fr_zx  在业法人（登记状态为存续）
CREATE OR REPLACE VIEW public.v_fr_zx AS
SELECT tyshxydm, dwmc, fddbrxm, gbhy, zs, clrq
  FROM public.dwd_fr_jbxx
 WHERE djzt = '1';
