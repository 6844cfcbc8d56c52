-- 作业: ads_zw_xlpm  政务办件效率排名
INSERT INTO ads.ads_zw_xlpm (cbbm, tjny, pjblts, cqlv, mylv, pm)
SELECT z.cbbm, z.tjny, z.pjblts, z.cqlv, r.mylv,
       RANK() OVER (PARTITION BY z.tjny ORDER BY z.cqlv, z.pjblts)
  FROM dws.dws_zw_bjxl z
  LEFT JOIN dws.dws_rx_mydtj r ON r.cbdw = z.cbbm AND r.tjny = z.tjny;
