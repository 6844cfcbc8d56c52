// Facets with counts. Every value is a link, so that a choice has an address; several values
// of one facet mean any of them. Which facets there are, and their names, the model says.
import { useState } from "react";
import { Link } from "react-router";
import type { ResultsQuery } from "../../api/generated";
import { useModel } from "../../api/model";
import { searchAddress, type SearchState } from "../../parts/address";
import { number } from "../../parts/numbers";
import { language } from "../../words/language";
import { without } from "./Results";
import { useResultsWords } from "./words";

type Facet = ResultsQuery["search"]["facets"][number];

/** Those that readers reach for most stand first; all others follow in the model's order. */
const FIRST = ["type", "department", "category", "library", "sharingType", "openingType", "securityLevel", "updateCycle", "system", "region"];
const SHOWN = 6;
const OPEN = 7;

export function Facets({ facets, state }: { facets: readonly Facet[]; state: SearchState }) {
  const said = useResultsWords();
  const [open, setOpen] = useState(false);
  const count = Object.values(state.chosen ?? {}).flat().length;
  const place = ({ name }: Facet) => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length);
  const useful = facets
    .filter(({ name, values }) => values.length > 1 || (values.length > 0 && state.chosen?.[name]))
    .sort((a, b) => place(a) - place(b));
  if (useful.length === 0) return <div />;
  return (
    <nav className={open ? "facets open" : "facets"} aria-label={said.facets}>
      <button type="button" className="facets-toggle" aria-expanded={open} onClick={() => setOpen(!open)}>
        {said.showFacets(count)}
      </button>
      <div className="paper">
        {useful.map((facet, index) => (
          <FacetGroup key={facet.name} facet={facet} state={state} open={index < OPEN || state.chosen?.[facet.name] !== undefined} />
        ))}
      </div>
    </nav>
  );
}

function FacetGroup({ facet: { name, values }, state, open }: { facet: Facet; state: SearchState; open: boolean }) {
  const said = useResultsWords();
  const model = useModel();
  const chosenLanguage = language.use();
  const [all, setAll] = useState(false);
  const chosen = state.chosen?.[name] ?? [];
  const shown = all ? values : values.filter(({ value }, index) => index < SHOWN || chosen.includes(value));
  return (
    <details open={open}>
      <summary>{model.label(name, chosenLanguage)}</summary>
      <ul>
        {shown.map(({ value, count }) => {
          const pressed = chosen.includes(value);
          const next = pressed
            ? without(state, name, value)
            : { ...state, chosen: { ...state.chosen, [name]: [...chosen, value] } };
          return (
            <li key={value}>
              <Link to={searchAddress(next)} aria-current={pressed || undefined} preventScrollReset>
                <span className="tick" aria-hidden="true" />
                <span>{model.facetValue(name, value, chosenLanguage)}</span>
                <small className="number">{number(count)}</small>
              </Link>
            </li>
          );
        })}
      </ul>
      {values.length > SHOWN && (
        <button type="button" className="plain-button small" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? said.less : `${said.more} (${values.length - shown.length})`}
        </button>
      )}
    </details>
  );
}
