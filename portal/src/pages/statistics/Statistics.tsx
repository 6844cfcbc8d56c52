// The ledger in figures. What is counted is in figures.ts; what a number stands for is a link.
import "./statistics.css";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { CountDocument, StatisticsDocument, type StatisticsQuery } from "../../api/generated";
import { type Model, useModel } from "../../api/model";
import { useAsk, useAskAll } from "../../api/use";
import { searchAddress, type SearchState } from "../../parts/address";
import { number, share } from "../../parts/numbers";
import { ResourceLink } from "../../parts/ResourceLink";
import { Answer } from "../../parts/states";
import { useTitle } from "../../parts/title";
import { language } from "../../words/language";
import { Bars } from "./Bars";
import { ages, type Cover, covers, quarters, statesOf } from "./figures";
import { useStatisticsWords } from "./words";

const QUARTERS = 12;

export default function Statistics() {
  const said = useStatisticsWords();
  const model = useModel();
  useTitle(said.title);
  const entries = below("CatalogEntry", model);
  const datasets = below("Dataset", model);
  const asked = useAsk(StatisticsDocument, { entries, datasets });
  return (
    <div className="statistics">
      <header>
        <h1>{said.title}</h1>
        <p className="soft">{said.lead}</p>
      </header>
      <Answer asked={asked} rows={12}>
        {(data) => (
          <>
            <Tiles data={data} entries={entries} />
            <div className="figures">
              <Coverage data={data} entries={entries} datasets={datasets} />
              <Freshness entries={entries} />
              <Growth entries={entries} />
              <Facets data={data} entries={entries} />
              <Classes data={data} />
              <Conflicts data={data} />
            </div>
          </>
        )}
      </Answer>
    </div>
  );
}

/** A class and all below it, as far as resources can be of them. */
function below(name: string, model: Model): string[] {
  return (model.classes.get(name)?.descendants ?? []).filter((kind) => !model.classes.get(kind)?.abstract);
}

function Tiles({ data, entries }: { data: StatisticsQuery; entries: string[] }) {
  const said = useStatisticsWords();
  const { statistics, conflicts } = data;
  const many = conflicts.pageInfo.hasNextPage ? "+" : "";
  return (
    <ul className="tiles paper">
      <Tile value={number(statistics.total)} label={said.total} to={searchAddress({})} />
      <Tile value={number(data.entries.total)} label={said.entries} to={searchAddress({ chosen: { type: entries } })} />
      <Tile value={number(statistics.commits)} label={said.commits} />
      <Tile value={`${number(conflicts.nodes.length)}${many}`} label={said.conflicts} />
      {statistics.placeholders != null && <Tile value={number(statistics.placeholders)} label={said.placeholders} />}
      {statistics.provisional != null && <Tile value={number(statistics.provisional)} label={said.provisional} />}
      {statistics.retired != null && <Tile value={number(statistics.retired)} label={said.retired} />}
    </ul>
  );
}

function Tile({ value, label, to }: { value: string; label: string; to?: string }) {
  const inside = (
    <>
      <strong className="number">{value}</strong>
      <span>{label}</span>
    </>
  );
  return <li>{to ? <Link to={to}>{inside}</Link> : <div>{inside}</div>}</li>;
}

function Figure({ title, text, wide = false, children }: { title: string; text?: string; wide?: boolean; children: ReactNode }) {
  return (
    <section className={wide ? "paper figure wide" : "paper figure"}>
      <h2>{title}</h2>
      {text && <p className="soft small">{text}</p>}
      {children}
    </section>
  );
}

/** How many each search finds; undefined until it is known. */
function useCounts(states: readonly SearchState[]): (number | undefined)[] {
  const asked = states.map(({ q = "", chosen = {} }) => ({
    query: q,
    selected: Object.entries(chosen).map(([name, values]) => ({ name, values: [...values] })),
  }));
  return useAskAll(CountDocument, asked).map((data) => data?.search.total);
}

function Coverage({ data, entries, datasets }: { data: StatisticsQuery; entries: string[]; datasets: string[] }) {
  const said = useStatisticsWords();
  const to = searchAddress({ chosen: { type: datasets } });
  const { total, derived } = data.datasets;
  return (
    <Figure title={said.coverage} text={said.coverageText} wide>
      <ul className="covers">
        {covers(entries).map((cover) => (
          <Covered key={cover.name} cover={cover} />
        ))}
        <CoverLine label={said.cover.lineage} done={derived} all={total} to={to} />
      </ul>
    </Figure>
  );
}

function Covered({ cover }: { cover: Cover }) {
  const said = useStatisticsWords();
  const states = statesOf(cover);
  const [done, all] = useCounts([states.done, states.all]);
  return (
    <CoverLine
      label={said.cover[cover.name]}
      done={done}
      all={all}
      to={searchAddress(states.done)}
      missing={searchAddress(states.missing)}
    />
  );
}

function CoverLine({ label, done, all, to, missing }: { label: string; done?: number; all?: number; to: string; missing?: string }) {
  const said = useStatisticsWords();
  if (done === undefined || all === undefined) return <li className="cover">{label}</li>;
  const left = said.missing(number(all - done));
  return (
    <li className="cover">
      <Link to={to}>
        <span className="cover-head">
          <span>{label}</span>
          <strong className="number">{share(done, all)}</strong>
        </span>
        <span className="bar-track" aria-hidden="true">
          <span className="bar" style={{ width: `${all ? (100 * done) / all : 0}%` }} />
        </span>
      </Link>
      <p className="small soft">
        <span className="number">
          {number(done)} / {number(all)}
        </span>{" "}
        {done === all ? said.complete : missing ? <Link to={missing}>{left}</Link> : left}
      </p>
    </li>
  );
}

function Freshness({ entries }: { entries: string[] }) {
  const said = useStatisticsWords();
  const found = ages(new Date(), entries);
  const counts = useCounts(found.map(({ state }) => state));
  const bars = found.map(({ name, state }, index) => ({
    key: name,
    label: said.fresh[name],
    count: counts[index] ?? 0,
    to: searchAddress({ ...state, sort: "dataUpdatedAt.desc" }),
  }));
  return (
    <Figure title={said.freshness} text={said.freshnessText}>
      <Bars bars={bars} />
    </Figure>
  );
}

function Growth({ entries }: { entries: string[] }) {
  const said = useStatisticsWords();
  const found = quarters(new Date(), QUARTERS, entries);
  const counts = useCounts(found.map(({ state }) => state));
  const most = Math.max(1, ...counts.map((count) => count ?? 0));
  return (
    <Figure title={said.growth} text={said.growthText}>
      <ol className="columns">
        {found.map(({ year, quarter, state }, index) => (
          <li key={`${year} ${quarter}`}>
            <Link to={searchAddress(state)} title={said.quarter(year, quarter)}>
              <span className="number small">{counts[index] === undefined ? "" : number(counts[index])}</span>
              <span className="column" style={{ height: `${(100 * (counts[index] ?? 0)) / most}%` }} />
              <span className="soft tiny">{said.short(year, quarter)}</span>
            </Link>
          </li>
        ))}
      </ol>
    </Figure>
  );
}

function Facets({ data, entries }: { data: StatisticsQuery; entries: string[] }) {
  const said = useStatisticsWords();
  const model = useModel();
  const chosen = language.use();
  return data.entries.facets
    .filter(({ values }) => values.length > 0)
    .map(({ name, values }) => (
      <Figure key={name} title={said.by(model.label(name, chosen))}>
        <Bars
          bars={values.map(({ value, count }) => ({
            key: value,
            label: model.facetValue(name, value, chosen),
            count,
            to: searchAddress({ chosen: { type: entries, [name]: [value] } }),
          }))}
        />
      </Figure>
    ));
}

function Classes({ data }: { data: StatisticsQuery }) {
  const said = useStatisticsWords();
  const model = useModel();
  const chosen = language.use();
  return (
    <Figure title={said.byClass}>
      <Bars
        bars={data.statistics.byType.map(({ value, count }) => ({
          key: value,
          label: model.classLabel(value, chosen),
          count,
          to: searchAddress({ chosen: { type: [value] } }),
        }))}
      />
    </Figure>
  );
}

function Conflicts({ data }: { data: StatisticsQuery }) {
  const said = useStatisticsWords();
  const model = useModel();
  const chosen = language.use();
  const { nodes } = data.conflicts;
  if (nodes.length === 0) return null;
  return (
    <Figure title={said.conflicts} text={said.conflictsText}>
      <ul className="disputes">
        {nodes.slice(0, 20).map(({ id, title, type, conflicts }) => (
          <li key={id}>
            <ResourceLink id={id} title={title} type={type} />{" "}
            <span className="soft">{conflicts.map(({ attribute }) => model.label(attribute, chosen)).join("、")}</span>
          </li>
        ))}
      </ul>
    </Figure>
  );
}
