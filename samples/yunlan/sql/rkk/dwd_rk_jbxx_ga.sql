-- 作业: dwd_rk_jbxx_ga  人口基本信息以公安为准归并（KingbaseES，外部模式 ods 指向数据中台）
-- 多源校核: 公安 > 民政 > 卫健；婚姻状况由 dwd_rk_jbxx_mz 覆盖
MERGE INTO public.dwd_rk_jbxx d
USING (SELECT zjhm, xm, cym, xb, mz, csrq, hyzk, whcd, hjdz, jzdz, sjhm, hh, yhzgx, swbz, gxsj
         FROM ods.ods_ga_czrk_d
        WHERE dt = '${bizdate}') s
   ON (d.zjhm = s.zjhm)
 WHEN MATCHED THEN UPDATE SET
      xm = s.xm, cym = s.cym, xb = s.xb, mz = s.mz, csrq = s.csrq, hyzk_dm = s.hyzk,
      whcd_dm = s.whcd, hjdz = s.hjdz, jzdz = s.jzdz, sjhm = s.sjhm, hh = s.hh,
      yhzgx_dm = s.yhzgx, swbz = s.swbz, sjlydw = '云澜市公安局', gxsj = s.gxsj
 WHEN NOT MATCHED THEN INSERT
      (zjhm, xm, cym, xb, mz, csrq, hyzk_dm, whcd_dm, hjdz, jzdz, sjhm, hh, yhzgx_dm, swbz, sjlydw, gxsj)
      VALUES (s.zjhm, s.xm, s.cym, s.xb, s.mz, s.csrq, s.hyzk, s.whcd, s.hjdz, s.jzdz, s.sjhm,
              s.hh, s.yhzgx, s.swbz, '云澜市公安局', s.gxsj);
