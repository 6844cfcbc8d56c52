// ECharts comes when a chart is to be drawn; until then its place is kept.
import { later } from "../later";

const Chart = later(
  () => import("./Chart"),
  ({ height }) => <div style={{ height }} />,
);
export default Chart;
