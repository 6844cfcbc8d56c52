-- 作业: ads_gl_jt  高龄津贴对象：免申即享，按年龄定档；丧偶或未婚视为独居加发
INSERT INTO ads.ads_gl_jt (zjhm, xm, nl, jtdc, sfdj, ffbz, hjdz, sjhm, ffny)
SELECT l.zjhm, l.xm, l.nl,
       CASE WHEN l.nl >= 100 THEN '3' WHEN l.nl >= 90 THEN '2' ELSE '1' END,
       CASE WHEN l.hyzk IN ('01', '03') THEN '1' ELSE '0' END,
       CASE WHEN l.nl >= 100 THEN 500 WHEN l.nl >= 90 THEN 200 ELSE 100 END,
       l.hjdz, l.sjhm, TO_CHAR(l.tjrq, 'YYYYMM')
  FROM dws.dws_rk_lnr l;
