-- 作业: ads_rc_gfzg  人才购房资格：在有效期内的人才、社保满 12 个月、名下无房；对外只返回是否
INSERT INTO ads.ads_rc_gfzg (zjhm, xm, rclb, sbys, gjjys, yfbz, zgjg, hyrq)
SELECT r.zjhm, r.xm, r.rclb, COALESCE(j.sbys, 0), COALESCE(j.gjjys, 0),
       CASE WHEN EXISTS (SELECT 1 FROM ods.ods_bdc_fwqs_d b
                          WHERE b.qlrzjhm = r.zjhm AND b.qszt = '1') THEN '1' ELSE '0' END,
       CASE WHEN (j.sbys >= 12 OR j.gjjys >= 12)
             AND NOT EXISTS (SELECT 1 FROM ods.ods_bdc_fwqs_d b
                              WHERE b.qlrzjhm = r.zjhm AND b.qszt = '1') THEN '1' ELSE '0' END,
       CURRENT_DATE
  FROM ods.ods_rs_rcrd_d r
  LEFT JOIN dws.dws_ms_grjfys j ON j.zjhm = r.zjhm
 WHERE r.yxqz >= CURRENT_DATE;
