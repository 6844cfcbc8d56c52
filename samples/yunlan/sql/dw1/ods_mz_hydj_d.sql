-- 作业: ods_mz_hydj_d  民政婚姻登记每日采集：一条登记拆成男女双方两行
-- 周期: 每日 01:40
INSERT INTO ods.ods_mz_hydj_d (djzh, zjhm, po_zjhm, hyzk, djlb, djrq, djjg, dt)
SELECT djzh, nfzjhm, nvzjhm, hyzk, djlb, djrq, djjg, '${bizdate}'
  FROM hydj.t_hydj
 WHERE cxbz = '0'
UNION ALL
SELECT djzh, nvzjhm, nfzjhm, hyzk, djlb, djrq, djjg, '${bizdate}'
  FROM hydj.t_hydj
 WHERE cxbz = '0';
