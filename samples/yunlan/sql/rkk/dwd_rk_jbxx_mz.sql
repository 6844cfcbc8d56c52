-- 作业: dwd_rk_jbxx_mz  以民政婚姻登记更新婚姻状况；民政状态 04、9 不覆盖公安登记
UPDATE public.dwd_rk_jbxx d
   SET hyzk_dm = h.hyzk
  FROM (SELECT zjhm, hyzk, ROW_NUMBER() OVER (PARTITION BY zjhm ORDER BY djrq DESC) AS rn
          FROM ods.ods_mz_hydj_d
         WHERE dt = '${bizdate}' AND hyzk NOT IN ('04', '9')) h
 WHERE d.zjhm = h.zjhm
   AND h.rn = 1;
