-- 作业: ods_sf_xzcf_d  行政处罚决定每日采集
INSERT INTO ods.ods_sf_xzcf_d (cfjdws, tyshxydm, xdrmc, cflb, fkje, cfjdrq, cfjg, dt)
SELECT cfjdws, tyshxydm, xdrmc, cflb, fkje, cfjdrq, cfjg, '${bizdate}'
  FROM sjcf.t_xzcf;
