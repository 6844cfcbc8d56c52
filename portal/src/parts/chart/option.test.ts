import { expect, it } from "vitest";
import { type Colours, optionOf } from "./option";

const COLOURS: Colours = { ink: "#000", soft: "#555", line: "#ddd", paper: "#fff", raised: "#eee", series: ["#111", "#222"], font: "sans" };

it("draws tooltips inside the picture, never as HTML: the policy refuses styled text", () => {
  for (const kind of ["columns", "growth", "parts"] as const) {
    const option = optionOf({ kind, points: [{ label: "每日", value: 3 }] }, COLOURS);
    expect(option.tooltip).toMatchObject({ renderMode: "richText" });
  }
});

it("gives a bar for each point, in their order", () => {
  const option = optionOf({ kind: "columns", points: [{ label: "甲", value: 2 }, { label: "乙", value: 1 }] }, COLOURS);
  expect(option.xAxis).toMatchObject({ data: ["甲", "乙"] });
  expect(option.series).toMatchObject([{ type: "bar", data: [2, 1] }]);
});

it("marks the chosen knot and the ties that carry data", () => {
  const knots = [{ name: "A", label: "甲", group: 0, weight: 4 }, { name: "B", label: "乙", group: 1, weight: 1 }];
  const option = optionOf({ kind: "graph", knots, ties: [{ from: "A", to: "B", label: "派生自", strong: true }], chosen: "B" }, COLOURS);
  const [series] = option.series as { data: { itemStyle: object }[]; links: { source: string; lineStyle?: object }[] }[];
  expect(series?.data[1]?.itemStyle).toMatchObject({ borderWidth: 3 });
  expect(series?.links[0]).toMatchObject({ source: "A", lineStyle: { width: 1.6 } });
});
