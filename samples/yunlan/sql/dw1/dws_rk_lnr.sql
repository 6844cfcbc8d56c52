-- 作业: dws_rk_lnr  老年人口：年满八十周岁且健在（外部模式 rkk 指向人口基础信息库）
TRUNCATE TABLE dws.dws_rk_lnr;
INSERT INTO dws.dws_rk_lnr (zjhm, xm, xb, csrq, nl, hyzk, hjdz, jzdz, sjhm, tjrq)
SELECT r.zjhm, r.xm, r.xb, r.csrq,
       CAST(DATE_PART('year', AGE(r.csrq)) AS int),
       r.hyzk_dm, r.hjdz, r.jzdz, r.sjhm, CURRENT_DATE
  FROM rkk.dwd_rk_jbxx r
 WHERE r.csrq <= CURRENT_DATE - INTERVAL '80 years'
   AND r.swbz = '0';
