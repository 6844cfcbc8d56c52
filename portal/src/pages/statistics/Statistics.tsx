// The ledger in figures. What is counted is in figures.ts; what a number stands for is a link.
import "./statistics.css";
import { useEffect } from "react";
import { Link, useLocation } from "react-router";
import { StatisticsDocument, type StatisticsQuery } from "../../api/generated";
import { useModel } from "../../api/model";
import { useAsk } from "../../api/use";
import { searchAddress } from "../../parts/address";
import Chart from "../../parts/chart/later";
import { number } from "../../parts/numbers";
import { Answer } from "../../parts/states";
import { useTitle } from "../../parts/title";
import { language } from "../../words/language";
import { Bars } from "./Bars";
import { Freshness, Growth, Parts } from "./Charts";
import { Coverage } from "./Coverage";
import { Figure } from "./Figure";
import { type List, listAddress, Listed } from "./Listed";
import { Commits, Disputes } from "./Logs";
import { useStatisticsWords } from "./words";

/** Facets of few values that every entry has: parts of a whole. The others are ranked. */
const PARTS = new Set(["sharingType", "openingType", "securityLevel"]);

export const ahead = () => void Chart.load();

export default function Statistics() {
  const said = useStatisticsWords();
  const model = useModel();
  useTitle(said.title);
  const entries = model.concrete("CatalogEntry").map(({ name }) => name);
  const datasets = model.concrete("Dataset").map(({ name }) => name);
  const asked = useAsk(StatisticsDocument, { entries, datasets });
  useThere(asked.data !== undefined);
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
              <Listed datasets={datasets} />
              <Coverage data={data} entries={entries} datasets={datasets} />
              <Growth entries={entries} />
              <Freshness entries={entries} />
              <Facets data={data} entries={entries} />
              <Classes data={data} />
              <Disputes />
              <Commits />
            </div>
          </>
        )}
      </Answer>
    </div>
  );
}

/** The part of the page that the address names, once it is there. */
function useThere(loaded: boolean) {
  const { hash } = useLocation();
  useEffect(() => {
    if (loaded && hash) document.getElementById(hash.slice(1))?.scrollIntoView();
  }, [loaded, hash]);
}

function Tiles({ data, entries }: { data: StatisticsQuery; entries: string[] }) {
  const said = useStatisticsWords();
  const { statistics, conflicts } = data;
  const many = conflicts.pageInfo.hasNextPage ? "+" : "";
  return (
    <ul className="tiles paper">
      <Tile value={number(statistics.total)} label={said.total} to={searchAddress({})} />
      <Tile value={number(data.entries.total)} label={said.entries} to={searchAddress({ chosen: { type: entries } })} />
      <Tile value={number(statistics.commits)} label={said.commits} to="#commits" />
      <Tile value={`${number(conflicts.nodes.length)}${many}`} label={said.conflicts} to="#conflicts" />
      <Behind count={statistics.placeholders} list="placeholder" />
      <Behind count={statistics.provisional} list="provisional" />
      <Behind count={statistics.retired} list="retired" />
    </ul>
  );
}

/** A number that only who may see everything is told, and its list. */
function Behind({ count, list }: { count: number | null; list: List }) {
  const said = useStatisticsWords();
  if (count === null) return null;
  return <Tile value={number(count)} label={said.lists[list]} to={count > 0 ? listAddress(list) : undefined} />;
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

function Facets({ data, entries }: { data: StatisticsQuery; entries: string[] }) {
  const said = useStatisticsWords();
  const model = useModel();
  const chosen = language.use();
  const known = data.entries.facets.filter(({ values }) => values.length > 0);
  return (
    <>
      {known
        .filter(({ name }) => PARTS.has(name))
        .map((facet) => (
          <Parts key={facet.name} facet={facet} entries={entries} />
        ))}
      {known
        .filter(({ name }) => !PARTS.has(name))
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
        ))}
    </>
  );
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
