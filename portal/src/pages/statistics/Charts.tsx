// What is better seen than read: growth over time, how fresh, parts of a whole. ECharts comes
// when a chart is to be drawn; the table with its links is there at once.
import { useMemo } from "react";
import { useNavigate } from "react-router";
import type { StatisticsQuery } from "../../api/generated";
import { useModel } from "../../api/model";
import { searchAddress } from "../../parts/address";
import Chart from "../../parts/chart/later";
import type { Picture } from "../../parts/chart/option";
import { today } from "../../parts/moment";
import { number } from "../../parts/numbers";
import { language } from "../../words/language";
import { useCounts } from "./asking";
import { type Counted, Counts } from "./Counts";
import { Figure } from "./Figure";
import { ages, quarters } from "./figures";
import { useStatisticsWords } from "./words";

const QUARTERS = 12;

function Drawn({ kind, title, rows, height }: { kind: "columns" | "growth" | "parts"; title: string; rows: readonly Counted[]; height: number }) {
  const go = useNavigate();
  const key = JSON.stringify(rows.map(({ label, count }) => [label, count]));
  const picture = useMemo<Picture>(
    () => ({ kind, points: (JSON.parse(key) as [string, number][]).map(([label, value]) => ({ label, value })) }),
    [kind, key],
  );
  const label = `${title}：${rows.map(({ label, count }) => `${label} ${number(count)}`).join("，")}`;
  return (
    <Chart
      picture={picture}
      label={label}
      height={height}
      onPick={(index) => {
        const to = rows[index]?.to;
        if (to) void go(to);
      }}
    />
  );
}

export function Growth({ entries }: { entries: string[] }) {
  const said = useStatisticsWords();
  const { zone } = useModel();
  const found = quarters(today(zone), QUARTERS, entries);
  const counts = useCounts(found.map(({ state }) => state));
  const rows = found.map(({ year, quarter, state }, index) => ({
    key: `${year} ${quarter}`,
    label: said.short(year, quarter),
    count: counts[index] ?? 0,
    to: searchAddress(state),
  }));
  return (
    <Figure title={said.growth} text={said.growthText}>
      {counts.every((count) => count !== undefined) && <Drawn kind="growth" title={said.growth} rows={rows} height={220} />}
      <details>
        <summary>{said.table}</summary>
        <Counts caption={said.growth} rows={[...rows].reverse()} />
      </details>
    </Figure>
  );
}

export function Freshness({ entries }: { entries: string[] }) {
  const said = useStatisticsWords();
  const { zone } = useModel();
  const found = ages(today(zone), entries);
  const counts = useCounts(found.map(({ state }) => state));
  const rows = found.map(({ name, state }, index) => ({
    key: name,
    label: said.fresh[name],
    count: counts[index] ?? 0,
    to: searchAddress({ ...state, sort: "dataUpdatedAt.desc" }),
  }));
  return (
    <Figure title={said.freshness} text={said.freshnessText}>
      {counts.every((count) => count !== undefined) && <Drawn kind="columns" title={said.freshness} rows={rows} height={220} />}
      <details>
        <summary>{said.table}</summary>
        <Counts caption={said.freshness} rows={rows} />
      </details>
    </Figure>
  );
}

type Facet = StatisticsQuery["entries"]["facets"][number];

/** Every entry has one of a few values: a ring, and what each part is. */
export function Parts({ facet: { name, values }, entries }: { facet: Facet; entries: string[] }) {
  const said = useStatisticsWords();
  const model = useModel();
  const chosen = language.use();
  const title = said.by(model.label(name, chosen));
  const rows = values.map(({ value, count }) => ({
    key: value,
    label: model.facetValue(name, value, chosen),
    count,
    to: searchAddress({ chosen: { type: entries, [name]: [value] } }),
  }));
  return (
    <Figure title={title} size="third">
      <div className="ring">
        <Drawn kind="parts" title={title} rows={rows} height={132} />
        <Counts caption={title} rows={rows} parts />
      </div>
    </Figure>
  );
}
