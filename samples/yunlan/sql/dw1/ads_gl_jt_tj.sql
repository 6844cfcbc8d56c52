-- 作业: ads_gl_jt_tj  高龄津贴统计
INSERT INTO ads.ads_gl_jt_tj (jtdc, ffny, rs, ffje)
SELECT jtdc, ffny, COUNT(DISTINCT zjhm), SUM(ffbz)
  FROM ads.ads_gl_jt
 GROUP BY jtdc, ffny;
