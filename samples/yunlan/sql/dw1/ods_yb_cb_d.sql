-- 作业: ods_yb_cb_d  医保参保缴费每日采集
INSERT INTO ods.ods_yb_cb_d (zjhm, xm, xzlx, jfny, jfjs, cbzt, dt)
SELECT zjhm, xm, xzlx, jfny, jfjs, cbzt, '${bizdate}'
  FROM yb.t_cbxx;
