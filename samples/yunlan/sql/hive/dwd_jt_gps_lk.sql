-- 作业: dwd_jt_gps_lk  定位点匹配路段（约 30 米缓冲）
INSERT OVERWRITE TABLE dwd_jt.gps_lk PARTITION (dt = '${bizdate}')
SELECT g.hphm, l.ldbh, l.ldmc, g.dwsj, DATE_FORMAT(g.dwsj, 'yyyyMMddHH') AS tjxs, g.sssd, l.zylsd
  FROM ods_jt.gps_raw g
  JOIN dim_jt.lw_ld l
    ON ABS(g.jd - l.zxjd) < 0.0003 AND ABS(g.wd - l.zxwd) < 0.0003
 WHERE g.dt = '${bizdate}' AND g.sssd BETWEEN 0 AND 120;
