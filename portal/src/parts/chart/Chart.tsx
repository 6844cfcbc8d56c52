// One picture by ECharts: only what we draw is bundled, and only pages that draw load it. It
// is drawn as SVG with tooltips inside it: the policy lets in no styled HTML. A picture is for
// the eye; what it says stands in the table beside it, where every number is a link.
import { BarChart, GraphChart, LineChart, PieChart } from "echarts/charts";
import { AriaComponent, GridComponent, TooltipComponent } from "echarts/components";
import { type EChartsType, init, use as register } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";
import { useDark } from "../../look/look";
import { type Colours, type Picture, optionOf } from "./option";

register([BarChart, GraphChart, LineChart, PieChart, AriaComponent, GridComponent, TooltipComponent, SVGRenderer]);

interface ChartProps {
  picture: Picture;
  /** What a reader who does not see it is told. */
  label: string;
  /** In pixels, or as CSS says it. */
  height: number | string;
  /** A bar, slice or knot was clicked. */
  onPick?: (index: number) => void;
}

export default function Chart({ picture, label, height, onPick }: ChartProps) {
  const dark = useDark();
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType>(null);
  const picked = useRef(onPick);
  useEffect(() => {
    picked.current = onPick;
  });
  useEffect(() => {
    if (!box.current) return;
    const made = init(box.current, null, { renderer: "svg" });
    chart.current = made;
    made.on("click", ({ dataIndex, dataType }) => {
      if (dataIndex !== undefined && dataType !== "edge") picked.current?.(dataIndex);
    });
    const sized = new ResizeObserver(() => made.resize());
    sized.observe(box.current);
    return () => {
      sized.disconnect();
      made.dispose();
      chart.current = null;
    };
  }, []);
  useEffect(() => {
    chart.current?.setOption(optionOf(picture, coloursOf()), true);
  }, [picture, dark]);
  return <div ref={box} role="img" aria-label={label} className="chart" style={{ height }} />;
}

function coloursOf(): Colours {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    ink: colour("ink"),
    soft: colour("soft"),
    line: colour("line"),
    paper: colour("paper"),
    raised: colour("raised"),
    series: [1, 2, 3, 4, 5, 6].map((number) => colour(`series-${number}`)),
    font: colour("font"),
  };
}
