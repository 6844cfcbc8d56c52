import { expect, it } from "vitest";
import { isSql } from "./sql";

it("knows SQL behind its comments, and words that are none", () => {
  expect(["SELECT 1", "-- 作业: 每日采集\nINSERT INTO t SELECT 1", "/* a */ with x as (select 1) select * from x"].map(isSql)).toEqual([true, true, true]);
  expect(["-- 说明", "更新人口信息", "selection of data"].map(isSql)).toEqual([false, false, false]);
});
