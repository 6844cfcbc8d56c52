-- 作业: ads_xy_hmd  失信惩戒名单：信用等级为差
INSERT INTO ads.ads_xy_hmd (tyshxydm, qymc, pjdf, xydj, lrsy, lrrq)
SELECT xydm, qymc, pjdf, xydj,
       CASE WHEN cfkf >= qskf THEN '行政处罚扣分' ELSE '欠税扣分' END, pjrq
  FROM dws.dws_xy_qydf
 WHERE xydj = 'D';
