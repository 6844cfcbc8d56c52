-- 作业: ods_sw_qsxx_d  税务部门按季送达的欠税公告 CSV，经文件外部表 ods.ft_sw_qsxx 装载
INSERT INTO ods.ods_sw_qsxx_d (tyshxydm, nsrmc, sz, qsje, qsqj, ggrq, dt)
SELECT UPPER(TRIM(nsrsbh)), nsrmc, sz, CAST(qsje AS numeric(18, 2)), qsqj,
       CAST(ggrq AS date), '${bizdate}'
  FROM ods.ft_sw_qsxx;
