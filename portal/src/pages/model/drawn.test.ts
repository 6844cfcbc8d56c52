import { expect, it } from "vitest";
import { drawn } from "./drawn";

const said = (zh: string) => ({ zh, en: zh });
const CLASSES = [
  { name: "Dataset", label: said("数据集"), family: "dataset", ancestors: [] },
  { name: "System", label: said("系统"), family: "system", ancestors: [] },
  { name: "Table", label: said("表"), family: "dataset", ancestors: ["Dataset"] },
];

it("puts classes of a family side by side, in one colour", () => {
  const { knots } = drawn(CLASSES, [], "zh", "属于");
  expect(knots.map(({ name, group }) => [name, group])).toEqual([["Dataset", 0], ["Table", 0], ["System", 1]]);
});

it("ties what links join, and each class to the one above it; any class is no knot", () => {
  const links = [
    { label: said("承载"), domain: ["System"], range: ["Dataset"], lineage: false },
    { label: said("联系人"), domain: [], range: ["System"], lineage: false },
    { label: said("派生自"), domain: ["Dataset"], range: ["Dataset"], lineage: true },
  ];
  const { ties } = drawn(CLASSES, links, "zh", "属于");
  expect(ties.map(({ label, strong }) => [label, strong])).toEqual([
    ["表 — 属于 → 数据集", false],
    ["系统 — 承载 → 数据集", false],
    ["数据集 — 派生自 → 数据集", true],
  ]);
});
