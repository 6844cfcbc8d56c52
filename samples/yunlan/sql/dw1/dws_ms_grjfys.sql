-- 作业: dws_ms_grjfys  个人近十二个月社保、公积金、医保缴费月数
WITH sb AS (
    SELECT zjhm, MAX(xm) AS xm, COUNT(DISTINCT jfny) AS ys, MAX(jfny) AS zj
      FROM ods.ods_rs_sb_d
     WHERE cbxz = '110' AND jfzt = '1'
       AND jfny > TO_CHAR(CURRENT_DATE - INTERVAL '12 months', 'YYYYMM')
     GROUP BY zjhm
), gjj AS (
    SELECT z.zjhm, COUNT(DISTINCT m.hjny) AS ys
      FROM ods.ods_gjj_grzh_d z
      JOIN ods.ods_gjj_jcmx_d m ON m.grzh = z.grzh
     WHERE m.hjny > TO_CHAR(CURRENT_DATE - INTERVAL '12 months', 'YYYYMM')
     GROUP BY z.zjhm
), yb AS (
    SELECT zjhm, COUNT(DISTINCT jfny) AS ys
      FROM ods.ods_yb_cb_d
     WHERE jfny > TO_CHAR(CURRENT_DATE - INTERVAL '12 months', 'YYYYMM')
     GROUP BY zjhm
)
INSERT INTO dws.dws_ms_grjfys (zjhm, xm, sbys, gjjys, ybys, zjjfny, tjny)
SELECT sb.zjhm, sb.xm, sb.ys, COALESCE(gjj.ys, 0), COALESCE(yb.ys, 0), sb.zj,
       TO_CHAR(CURRENT_DATE, 'YYYYMM')
  FROM sb
  LEFT JOIN gjj ON gjj.zjhm = sb.zjhm
  LEFT JOIN yb ON yb.zjhm = sb.zjhm;
