-- 作业: ads_rk_nljg  人口年龄结构
INSERT INTO ads.ads_rk_nljg (nld, xb, rs, tjrq)
SELECT CASE WHEN DATE_PART('year', AGE(csrq)) < 18 THEN '0-17'
            WHEN DATE_PART('year', AGE(csrq)) < 60 THEN '18-59' ELSE '60+' END,
       xb, COUNT(*), CURRENT_DATE
  FROM rkk.dwd_rk_jbxx
 WHERE swbz = '0'
 GROUP BY 1, xb;
