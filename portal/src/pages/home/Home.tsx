// The first page: a search box, the ledger at a glance, ways in, what changed of late.
import "./home.css";
import { type ReactNode, useState } from "react";
import { Link } from "react-router";
import { HomeDocument, type HomeQuery, RecentDocument } from "../../api/generated";
import { useModel } from "../../api/model";
import { askAhead, useAsk } from "../../api/use";
import { SearchBox } from "../../layout/SearchBox";
import { resourceAddress, searchAddress } from "../../parts/address";
import { CommitLine } from "../../parts/CommitLine";
import { grouped } from "../../parts/grouped";
import { number, share } from "../../parts/numbers";
import { Answer } from "../../parts/states";
import { language } from "../../words/language";
import { useHomeWords } from "./words";

/** Counted first; the rest of the classes is a page of its own. */
const TILES = ["InformationItem", "Table", "DataElement", "System", "Department", "Matter"];
const ITEM = { name: "type", values: ["InformationItem"] };

export const ahead = () => void askAhead(RecentDocument, {});

export default function Home() {
  const said = useHomeWords();
  const model = useModel();
  const entries = model.concrete("CatalogEntry").map(({ name }) => name); // what officials look for
  const asked = useAsk(HomeDocument, { entries, items: ITEM });
  const keywords = asked.data && facet(asked.data, "keyword").slice(0, 6);
  return (
    <>
      <section className="hero">
        <h1>{said.title}</h1>
        <p>{said.lead}</p>
        <SearchBox large />
        <p className="tries">
          {keywords && keywords.length > 0 && <span>{said.tries}</span>}
          {keywords?.map(({ value }) => (
            <Link key={value} to={searchAddress({ q: value })}>
              {value}
            </Link>
          ))}
        </p>
      </section>
      <Answer asked={asked} rows={12}>
        {(data) => (
          <>
            <Glance data={data} entries={entries} />
            <div className="home-columns">
              <Ways data={data} entries={entries} />
              <Recent />
            </div>
          </>
        )}
      </Answer>
      {asked.error && !asked.data && <Recent />}
    </>
  );
}

const facet = (data: HomeQuery, name: string) =>
  data.entries.facets.find((found) => found.name === name)?.values ?? [];

function Glance({ data, entries }: { data: HomeQuery; entries: string[] }) {
  const said = useHomeWords();
  const model = useModel();
  const chosen = language.use();
  const count = new Map(data.statistics.byType.map(({ value, count }) => [value, count]));
  const items = count.get("InformationItem") ?? 0;
  return (
    <section className="glance" aria-label={said.glance}>
      <Tile to={searchAddress({ chosen: { type: entries } })} value={number(data.entries.total)} label={said.entries} />
      {TILES.filter((name) => count.has(name)).map((name) => (
        <Tile
          key={name}
          to={searchAddress({ chosen: { type: [name] } })}
          value={number(count.get(name) ?? 0)}
          label={model.classLabel(name, chosen)}
        />
      ))}
      <Tile
        to={searchAddress({ q: "dataElement:*", chosen: { type: ITEM.values } })}
        value={share(data.covered.total, items)}
        label={said.covered}
        title={said.coveredTitle(number(data.covered.total), number(items))}
      />
    </section>
  );
}

function Tile({ to, value, label, title }: { to: string; value: string; label: string; title?: string }) {
  return (
    <Link to={to} className="tile" title={title}>
      <strong className="number">{value}</strong>
      <span>{label}</span>
    </Link>
  );
}

function Ways({ data, entries }: { data: HomeQuery; entries: string[] }) {
  const said = useHomeWords();
  const model = useModel();
  const chosen = language.use();
  const to = (name: string, value: string) => searchAddress({ chosen: { [name]: [value], type: entries } });
  const way = (name: string, value: string, count: number) => (
    <Way key={value} to={to(name, value)} label={value} count={count} />
  );
  const kinds = new Map(data.libraries.nodes.map(({ title, kind }) => [title, kind ?? said.otherLibraries]));
  const libraries = grouped(facet(data, "library"), ({ value }) => kinds.get(value) ?? said.otherLibraries);
  return (
    <section className="ways" aria-label={said.ways}>
      <Group title={said.categories} className="categories">
        {facet(data, "category").map(({ value, count }) => way("category", value, count))}
      </Group>
      {[...libraries].map(([kind, found]) => (
        <Group key={kind} title={model.code(model.attribute("Library", "kind")?.codeList, kind, chosen)}>
          {found.map(({ value, count }) => way("library", value, count))}
        </Group>
      ))}
      <Group title={said.departments} limit={12}>
        {facet(data, "department").map(({ value, count }) => way("department", value, count))}
      </Group>
      <Group title={said.scenarios} limit={12}>
        {data.scenarios.nodes.map(({ id, title }) => (
          <Way key={id} to={resourceAddress(id)} label={title} />
        ))}
      </Group>
      <Group title={said.regions} className="categories">
        {facet(data, "region").map(({ value, count }) => way("region", value, count))}
      </Group>
    </section>
  );
}

function Group({
  title,
  limit = Number.POSITIVE_INFINITY,
  className = "",
  children,
}: {
  title: string;
  limit?: number;
  className?: string;
  children: ReactNode[];
}) {
  const said = useHomeWords();
  const [open, setOpen] = useState(false);
  if (children.length === 0) return null;
  return (
    <div className={`paper way-group ${className}`}>
      <h2>{title}</h2>
      <ul>{open ? children : children.slice(0, limit)}</ul>
      {children.length > limit && (
        <button type="button" className="plain-button" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? said.less : said.more(children.length)}
        </button>
      )}
    </div>
  );
}

function Way({ to, label, count }: { to: string; label: string; count?: number }) {
  return (
    <li>
      <Link to={to}>
        <span>{label}</span>
        {count !== undefined && <small className="number">{number(count)}</small>}
      </Link>
    </li>
  );
}

function Recent() {
  const said = useHomeWords();
  const asked = useAsk(RecentDocument, {});
  return (
    <section className="paper recent">
      <h2>
        {said.recent} <Link to="/statistics#commits">{said.allChanges}</Link>
      </h2>
      <Answer asked={asked}>
        {({ commits }) => (
          <ol>
            {commits.nodes.map((commit) => (
              <CommitLine key={commit.number} commit={commit} />
            ))}
          </ol>
        )}
      </Answer>
    </section>
  );
}
