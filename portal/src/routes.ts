// Every page has one line here, and an address that says its whole state. A page is loaded
// when it is first opened; one with words for the menu stands in it.
import { type ComponentType, type LazyExoticComponent, lazy } from "react";
import type { Label } from "./words/language";

export interface PageRoute {
  path: string;
  page: LazyExoticComponent<ComponentType>;
  menu?: Label;
}

export const routes: readonly PageRoute[] = [
  { path: "/", page: lazy(() => import("./pages/home/Home")), menu: { zh: "首页", en: "Home" } },
  { path: "/search", page: lazy(() => import("./pages/results/Results")), menu: { zh: "检索", en: "Search" } },
  { path: "/resource", page: lazy(() => import("./pages/resource/ResourcePage")) },
  { path: "/lineage", page: lazy(() => import("./pages/lineage/Lineage")), menu: { zh: "血缘", en: "Lineage" } },
  { path: "/impact", page: lazy(() => import("./pages/impact/Impact")), menu: { zh: "影响", en: "Impact" } },
  { path: "/import", page: lazy(() => import("./pages/import/Import")), menu: { zh: "导入", en: "Import" } },
  { path: "/edit", page: lazy(() => import("./pages/edit/Edit")), menu: { zh: "编目", en: "Edit" } },
  { path: "/statistics", page: lazy(() => import("./pages/statistics/Statistics")), menu: { zh: "统计", en: "Statistics" } },
  { path: "/model", page: lazy(() => import("./pages/model/ModelPage")), menu: { zh: "模型", en: "Model" } },
];
