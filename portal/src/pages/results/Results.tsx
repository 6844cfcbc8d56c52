// What a search found: facets beside, hits as a list that the keyboard walks through.
import "./results.css";
import { Select } from "antd";
import { Link, useNavigate, useSearchParams } from "react-router";
import { ResultsDocument, type ResultsQuery } from "../../api/generated";
import { type Model, useModel } from "../../api/model";
import { useAsk } from "../../api/use";
import { readSearch, searchAddress, type SearchState } from "../../parts/address";
import { number } from "../../parts/numbers";
import { Answer } from "../../parts/states";
import { useTitle } from "../../parts/title";
import { language } from "../../words/language";
import { Facets } from "./Facets";
import { Hits } from "./Hits";
import { useResultsWords } from "./words";

export default function Results() {
  const said = useResultsWords();
  const model = useModel();
  const [told] = useSearchParams();
  const state = readSearch(told);
  useTitle(said.title(state.q));
  const asked = useAsk(
    ResultsDocument,
    {
      query: state.q,
      facets: [...model.facets],
      selected: Object.entries(state.chosen).map(([name, values]) => ({ name, values: [...values] })),
      sort: sortOf(state.sort),
      after: told.get("after"),
    },
    { keep: true },
  );
  return (
    <Answer asked={asked} rows={10}>
      {({ search }) => (
        <div className="results" aria-busy={asked.isPlaceholderData}>
          <Facets facets={search.facets} state={state} />
          <section className="found">
            <Head search={search} state={state} />
            {search.hits.length > 0 ? <Hits search={search} state={state} /> : <NothingFound search={search} state={state} />}
          </section>
        </div>
      )}
    </Answer>
  );
}

type Found = ResultsQuery["search"];

/** `dataUpdatedAt.desc` → the API's order; best first where nothing is said. */
function sortOf(told: string | undefined): { field: string; descending: boolean } | null {
  if (!told) return null;
  const [field = "", way] = told.split(".");
  return { field, descending: way === "desc" };
}

function Head({ search, state }: { search: Found; state: SearchState }) {
  const said = useResultsWords();
  const go = useNavigate();
  const sorts = [
    { value: "", label: said.best },
    { value: "dataUpdatedAt.desc", label: said.newest },
    { value: "recordCount.desc", label: said.largest },
    { value: "title", label: said.byName },
  ];
  return (
    <>
      <div className="found-head">
        <h1>{said.title(state.q ?? "")}</h1>
        <p role="status" className="soft">
          {said.found(number(search.total))}
          {search.relaxed && ` · ${said.relaxed}`}
          {!search.complete && ` · ${said.lagging}`}
        </p>
        <Select
          aria-label={said.sort}
          value={state.sort ?? ""}
          options={sorts}
          popupMatchSelectWidth={false}
          onChange={(sort) => void go(searchAddress({ ...state, sort }))}
        />
      </div>
      <Kinds state={state} />
      {search.suggestion && search.hits.length > 0 && (
        <p>
          {said.meant}
          <Link to={searchAddress({ ...state, q: search.suggestion })}>{search.suggestion}</Link>
        </p>
      )}
      <Chosen state={state} />
    </>
  );
}

const KINDS = ["CatalogEntry", "Dataset", "DataItem"] as const;

const namesOf = (above: string, model: Model) => model.concrete(above).map(({ name }) => name);

/** Which of the kinds these classes make up, if one. */
function kindOf(types: readonly string[], model: Model): "all" | (typeof KINDS)[number] | undefined {
  if (types.length === 0) return "all";
  return KINDS.find((above) => {
    const wanted = namesOf(above, model);
    return wanted.length === types.length && wanted.every((name) => types.includes(name));
  });
}

/** What officials look for, what engineers do: one click rather than several ticks. */
function Kinds({ state }: { state: SearchState }) {
  const said = useResultsWords();
  const model = useModel();
  const types = state.chosen?.type ?? [];
  const now = kindOf(types, model);
  const way = (key: string, label: string, wanted: readonly string[]) => (
    <Link key={key} to={searchAddress({ ...state, chosen: { ...state.chosen, type: wanted } })} aria-current={now === key || undefined}>
      {label}
    </Link>
  );
  return (
    <nav className="found-kinds" aria-label={said.kinds}>
      {way("all", said.all, [])}
      {KINDS.filter((above) => model.concrete(above).length > 0).map((above) => way(above, said.kind[above], namesOf(above, model)))}
    </nav>
  );
}

function Chosen({ state }: { state: SearchState }) {
  const said = useResultsWords();
  const model = useModel();
  const chosenLanguage = language.use();
  const chosen = Object.entries(state.chosen ?? {}).flatMap(([name, values]) =>
    name === "type" && kindOf(values, model) ? [] : values.map((value) => ({ name, value })), // told above
  );
  if (chosen.length === 0) return null;
  return (
    <ul className="chosen" aria-label={said.chosen}>
      {chosen.map(({ name, value }) => {
        const label = model.facetValue(name, value, chosenLanguage);
        return (
          <li key={`${name} ${value}`}>
            <Link to={searchAddress(without(state, name, value))} aria-label={said.remove(model.label(name, chosenLanguage), label)}>
              <span className="soft">{model.label(name, chosenLanguage)}</span> {label} <span aria-hidden="true">×</span>
            </Link>
          </li>
        );
      })}
      <li>
        <Link to={searchAddress({ q: state.q })}>{said.clear}</Link>
      </li>
    </ul>
  );
}

export function without(state: SearchState, name: string, value: string): SearchState {
  const left = Object.entries(state.chosen ?? {}).map(([facet, values]) => [
    facet,
    facet === name ? values.filter((other) => other !== value) : values,
  ]);
  return { ...state, chosen: Object.fromEntries(left) };
}

/** Ways out of an empty list: fewer conditions, fewer words. */
function NothingFound({ search, state }: { search: Found; state: SearchState }) {
  const said = useResultsWords();
  const model = useModel();
  const chosenLanguage = language.use();
  const q = state.q ?? "";
  const parts = q.split(/[\s，、]+/).filter(Boolean);
  const facets = Object.keys(state.chosen ?? {});
  return (
    <div className="paper nothing-found">
      <h2>{said.nothing(q)}</h2>
      {search.suggestion && (
        <p>
          {said.meant}
          <Link to={searchAddress({ q: search.suggestion })}>{search.suggestion}</Link>
        </p>
      )}
      {facets.length > 1 && (
        <p>
          {said.helpFacets}{" "}
          {facets.map((name) => (
            <Link key={name} to={searchAddress({ ...state, chosen: { ...state.chosen, [name]: [] } })}>
              {model.label(name, chosenLanguage)}
            </Link>
          ))}
        </p>
      )}
      {facets.length > 0 && (
        <p>
          <Link to={searchAddress({ q })}>{said.helpAll}</Link>
        </p>
      )}
      {parts.length > 1 && (
        <p>
          {said.helpWords}{" "}
          {parts.map((part) => (
            <Link key={part} to={searchAddress({ ...state, q: part })}>
              {part}
            </Link>
          ))}
        </p>
      )}
      <p className="soft">{said.helpSyntax}</p>
    </div>
  );
}
