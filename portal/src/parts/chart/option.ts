// From what is to be seen to ECharts' options: pure, so that a test reads them.
import type { EChartsCoreOption } from "echarts/core";

export interface Point {
  label: string;
  value: number;
}

export interface Knot {
  name: string;
  label: string;
  /** Which colour: knots of a kind share one. */
  group: number;
  /** How large, as a number of neighbours. */
  weight: number;
}

export interface Tie {
  from: string;
  to: string;
  label: string;
  strong: boolean;
}

export type Picture =
  | { kind: "columns" | "growth" | "parts"; points: readonly Point[] }
  | { kind: "graph"; knots: readonly Knot[]; ties: readonly Tie[]; chosen?: string };

export interface Colours {
  ink: string;
  soft: string;
  line: string;
  paper: string;
  raised: string;
  series: string[];
  font: string;
}

export function optionOf(picture: Picture, colours: Colours): EChartsCoreOption {
  return {
    animation: false,
    aria: { enabled: false }, // the box has our own label
    color: colours.series,
    textStyle: { fontFamily: colours.font, color: colours.ink },
    tooltip: {
      renderMode: "richText",
      confine: true,
      backgroundColor: colours.paper,
      borderColor: colours.line,
      textStyle: { color: colours.ink, fontSize: 13 },
    },
    ...(picture.kind === "graph" ? graph(picture, colours) : picture.kind === "parts" ? parts(picture.points, colours) : columns(picture, colours)),
  };
}

function columns({ kind, points }: { kind: string; points: readonly Point[] }, colours: Colours): EChartsCoreOption {
  const label = { show: true, position: "top", color: colours.ink, fontSize: 12 };
  const growth = kind === "growth";
  return {
    grid: { left: 18, right: 18, top: 26, bottom: 4, outerBoundsMode: "same" },
    xAxis: {
      type: "category",
      data: points.map((point) => point.label),
      boundaryGap: !growth,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: colours.line } },
      axisLabel: { color: colours.soft, fontSize: 12, ...(growth ? { hideOverlap: true } : { interval: 0, width: 60, lineHeight: 15, overflow: "break" }) },
    },
    yAxis: {
      type: "value",
      minInterval: 1,
      splitNumber: 3,
      axisLabel: { show: false }, // each point tells its number
      splitLine: { lineStyle: { color: colours.line } },
    },
    series: [
      growth
        ? {
            type: "line",
            step: "end",
            symbolSize: 8,
            areaStyle: { opacity: 0.15 },
            label,
            labelLayout: { hideOverlap: true },
            data: points.map((point) => point.value),
          }
        : { type: "bar", barMaxWidth: 44, itemStyle: { borderRadius: [4, 4, 0, 0] }, label, data: points.map((point) => point.value) },
    ],
  };
}

function parts(points: readonly Point[], colours: Colours): EChartsCoreOption {
  return {
    series: [
      {
        type: "pie",
        radius: ["52%", "86%"],
        itemStyle: { borderColor: colours.paper, borderWidth: 2 },
        label: { show: false },
        data: points.map(({ label, value }) => ({ name: label, value })),
      },
    ],
  };
}

function graph({ knots, ties, chosen }: { knots: readonly Knot[]; ties: readonly Tie[]; chosen?: string }, colours: Colours): EChartsCoreOption {
  return {
    series: [
      {
        type: "graph",
        layout: "circular",
        circular: { rotateLabel: true },
        left: 90,
        right: 90,
        top: 84,
        bottom: 84,
        edgeSymbol: ["none", "arrow"],
        edgeSymbolSize: 7,
        categories: [...new Set(knots.map(({ group }) => group))].map((group) => ({ name: String(group) })),
        label: { show: true, position: "right", color: colours.ink, fontSize: 12 },
        lineStyle: { color: colours.soft, opacity: 0.35, curveness: 0.25, width: 1 },
        emphasis: { focus: "adjacency", lineStyle: { width: 2, opacity: 0.9 } },
        data: knots.map(({ name, label, group, weight }) => ({
          id: name,
          name: label,
          symbolSize: 8 + 3 * Math.sqrt(weight),
          itemStyle: { color: colours.series[group % colours.series.length], ...(name === chosen && { borderColor: colours.ink, borderWidth: 3 }) },
        })),
        links: ties.map(({ from, to, label, strong }) => ({
          source: from,
          target: to,
          value: label,
          ...(strong && { lineStyle: { color: colours.series[0], opacity: 0.7, width: 1.6 } }),
        })),
        tooltip: { formatter: ({ name, value, dataType }: { name: string; value?: string; dataType: string }) => (dataType === "edge" ? `${value}` : name) },
      },
    ],
    // On a phone: smaller words, and no more room for them than they need.
    media: [{ query: { maxWidth: 500 }, option: { series: [{ left: 66, right: 66, top: 66, bottom: 66, edgeSymbolSize: 4, lineStyle: { opacity: 0.2 }, label: { fontSize: 10 } }] } }],
  };
}
