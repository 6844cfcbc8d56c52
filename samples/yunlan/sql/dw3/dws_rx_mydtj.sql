-- 作业: dws_rx_mydtj  热线满意度汇总；上月满意率取自视图 dws.v_rx_mydtj 做平滑
INSERT INTO dws.dws_rx_mydtj (cbdw, tjny, gds, pjblsc, mylv)
SELECT g.cbdw, TO_CHAR(g.bjsj, 'YYYYMM'), COUNT(*), AVG(g.blsc),
       0.8 * 100.0 * SUM(CASE WHEN g.myd >= '4' THEN 1 ELSE 0 END) / COUNT(*) + 0.2 * MAX(v.mylv)
  FROM dwd.dwd_rx_gd g
  LEFT JOIN dws.v_rx_mydtj v ON v.cbdw = g.cbdw
 GROUP BY g.cbdw, TO_CHAR(g.bjsj, 'YYYYMM');
