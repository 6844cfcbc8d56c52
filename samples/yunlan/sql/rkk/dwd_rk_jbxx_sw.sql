-- 作业: dwd_rk_jbxx_sw  以死亡注销更新死亡标志（外部模式 hz 指向户政管理系统）
UPDATE public.dwd_rk_jbxx d
   SET swbz = '1', gxsj = z.gxsj
  FROM hz.t_swzx z
 WHERE d.zjhm = z.gmsfhm;
