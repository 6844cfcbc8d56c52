-- 作业: ods_wj_csyx_d  卫健出生医学证明每日采集
INSERT INTO ods.ods_wj_csyx_d (cszbh, xm, xb, csrq, csdd, mqzjhm, fqzjhm, qfjg, qfrq, dt)
SELECT cszbh, xsexm, xsexb, CAST(cssj AS date), csdd, mqzjhm, fqzjhm, qfjg, qfrq, '${bizdate}'
  FROM cszm.birth_cert;
