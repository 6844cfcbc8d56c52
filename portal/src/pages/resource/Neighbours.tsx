// Where it comes from and what it feeds: one step either way, as a small picture. An entry
// has no lineage of its own; there it is that of what it mounts.
import { Link } from "react-router";
import { NeighboursDocument, type NeighboursQuery } from "../../api/generated";
import { useModel } from "../../api/model";
import { useAsk } from "../../api/use";
import { resourceAddress } from "../../parts/address";
import { routes } from "../../routes";
import { language } from "../../words/language";
import { Section } from "./ResourcePage";
import { useResourceWords } from "./words";

const SHOWN = 8;

interface Named {
  id: string;
  title: string;
}

export function Neighbours({ id, type, at, through }: { id: string; type: string; at: string | undefined; through?: Named }) {
  const said = useResourceWords();
  const model = useModel();
  const own = [...model.links.values()].some(
    ({ lineage, domain, range }) => lineage && [...domain, ...range].some((end) => model.isA(type, end)),
  );
  const start = own ? id : through?.id;
  const asked = useAsk(NeighboursDocument, { id: start ?? "", at: at ?? null }, { enabled: start !== undefined });
  const lineage = asked.data?.lineage;
  if (!start || !lineage || lineage.edges.length === 0) return null;
  return (
    <Section id="neighbours" title={said.neighbours}>
      {!own && through && <p className="soft small">{said.through(through.title)}</p>}
      <Picture start={start} lineage={lineage} />
      {routes.some(({ path }) => path === "/lineage") && (
        <Link className="no-print" to={`/lineage?${new URLSearchParams({ id: start })}`}>
          {said.lineage}
        </Link>
      )}
    </Section>
  );
}

type Lineage = NeighboursQuery["lineage"];

function Picture({ start, lineage }: { start: string; lineage: Lineage }) {
  const said = useResourceWords();
  const named = new Map(lineage.nodes.map((node) => [node.id, node]));
  const ends = (ids: string[]) => [...new Set(ids)].flatMap((id) => named.get(id) ?? []);
  const origins = ends(lineage.edges.filter(({ use }) => use === start).map(({ origin }) => origin));
  const uses = ends(lineage.edges.filter(({ origin }) => origin === start).map(({ use }) => use));
  const here = named.get(start);
  return (
    <div className="picture">
      <Side title={said.from} nodes={origins} none={said.noOrigin} />
      <span className="arrow" aria-hidden="true">→</span>
      <div className="here">
        <h3>{said.here}</h3>
        <p>{here?.title}</p>
      </div>
      <span className="arrow" aria-hidden="true">→</span>
      <Side title={said.to} nodes={uses} none={said.noUse} />
    </div>
  );
}

function Side({ title, nodes, none }: { title: string; nodes: Lineage["nodes"]; none: string }) {
  const said = useResourceWords();
  const model = useModel();
  const chosen = language.use();
  return (
    <div>
      <h3>{title}</h3>
      {nodes.length === 0 && <p className="soft small">{none}</p>}
      <ul>
        {nodes.slice(0, SHOWN).map(({ id, title, type, hidden }) => (
          <li key={id}>{hidden ? <span>{title}</span> : <Link to={resourceAddress(id)}>{title}</Link>} <small className="soft">{model.classLabel(type, chosen)}</small></li>
        ))}
      </ul>
      {nodes.length > SHOWN && <p className="soft small">{said.and(nodes.length - SHOWN)}</p>}
    </div>
  );
}
