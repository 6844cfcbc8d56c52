-- 作业: ods_ga_czrk_d  公安常住人口每日采集（外部表 hz.* 指向户政管理系统）
-- 周期: 每日 01:30   责任: 云澜市数据局数据资源科
DELETE FROM ods.ods_ga_czrk_d WHERE dt = '${bizdate}';
INSERT INTO ods.ods_ga_czrk_d
       (zjhm, xm, cym, xb, mz, csrq, hyzk, whcd, hjdz, jzdz, sjhm, hh, yhzgx, swbz, gxsj, dt)
SELECT t.gmsfhm, t.xm, t.cym, t.xb, t.mz, t.csrq, t.hyzk, t.whcd, t.hjdz, t.jzdz, t.sjhm,
       t.hh, t.yhzgx, t.swbz, t.gxsj, '${bizdate}'
  FROM hz.t_czrkxx t;
