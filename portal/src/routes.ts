// Every page has one line here, and an address that says its whole state. A page is loaded
// when it is first opened; one with words for the menu stands in it.
import type { ComponentType } from "react";
import { type Later, later } from "./parts/later";
import { waiting } from "./parts/states";
import type { Label } from "./words/language";

interface Ahead {
  /** Asks ahead what the page at this address will ask first. */
  ahead?: (address: URLSearchParams) => void;
}

export interface PageRoute {
  path: string;
  page: Later<object, Ahead>;
  menu?: Label;
}

const route = (path: string, load: () => Promise<{ default: ComponentType } & Ahead>, menu?: Label): PageRoute => ({ path, page: later(load, waiting), menu });

export const routes: readonly PageRoute[] = [
  route("/", () => import("./pages/home/Home"), { zh: "首页", en: "Home" }),
  route("/search", () => import("./pages/results/Results"), { zh: "检索", en: "Search" }),
  route("/resource", () => import("./pages/resource/ResourcePage")),
  route("/lineage", () => import("./pages/lineage/Lineage"), { zh: "血缘", en: "Lineage" }),
  route("/impact", () => import("./pages/impact/Impact"), { zh: "影响", en: "Impact" }),
  route("/import", () => import("./pages/import/Import"), { zh: "导入", en: "Import" }),
  route("/edit", () => import("./pages/edit/Edit"), { zh: "编目", en: "Edit" }),
  route("/statistics", () => import("./pages/statistics/Statistics"), { zh: "统计", en: "Statistics" }),
  route("/model", () => import("./pages/model/ModelPage"), { zh: "模型", en: "Model" }),
];

/** The page at the path of an address. */
export const pageAt = (pathname: string): Later<object, Ahead> | undefined => routes.find(({ path }) => path === pathname)?.page;

/** Load the page of this address, and what it asks, while the model is on its way. */
export async function loadAhead({ pathname, search }: Location): Promise<void> {
  const page = await pageAt(pathname)?.load();
  page?.ahead?.(new URLSearchParams(search));
}
