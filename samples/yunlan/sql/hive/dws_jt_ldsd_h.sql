-- 作业: dws_jt_ldsd_h  路段小时平均速度
INSERT OVERWRITE TABLE dws_jt.ldsd_h PARTITION (dt = '${bizdate}')
SELECT ldbh, ldmc, tjxs, AVG(sssd) AS pjsd, COUNT(DISTINCT hphm) AS ybcls, MAX(zylsd) AS zylsd
  FROM dwd_jt.gps_lk
 WHERE dt = '${bizdate}'
 GROUP BY ldbh, ldmc, tjxs;
