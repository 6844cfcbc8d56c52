-- 作业: dwd_rk_jhgx  以出生医学证明建立监护关系；卫健信息只补充，不覆盖公安
INSERT INTO public.dwd_rk_jhgx (jhgxid, zjhm, xm, mqzjhm, fqzjhm, cszbh, gxsj)
SELECT MD5(c.cszbh), r.zjhm, r.xm, c.mqzjhm, c.fqzjhm, c.cszbh, r.gxsj
  FROM ods.ods_wj_csyx_d c
  JOIN public.dwd_rk_jbxx r
    ON r.xm = c.xm AND r.csrq = c.csrq AND r.xb = c.xb
 WHERE c.dt = '${bizdate}';
