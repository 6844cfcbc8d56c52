// Kinds of change and ways of spreading, as people say them. The API names them in English.
import { words } from "./language";

export const useChangeWords = words(
  {
    kinds: {
      remove: "删除",
      rename: "改名",
      retype: "改类型",
      values: "取值变化",
      meaning: "含义变化",
      move: "搬迁",
      level: "定级变化",
      reorganise: "机构调整",
      broken: "中断",
      stale: "陈旧",
      notify: "知会",
    },
    ways: { flow: "传导", part: "整体到部分", use: "知会使用方" },
  },
  {
    kinds: {
      remove: "remove",
      rename: "rename",
      retype: "retype",
      values: "values",
      meaning: "meaning",
      move: "move",
      level: "level",
      reorganise: "reorganise",
      broken: "broken",
      stale: "stale",
      notify: "notify",
    },
    ways: { flow: "flows", part: "whole to part", use: "tells its users" },
  },
);
