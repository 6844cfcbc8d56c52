// Links both ways, grouped by kind in the model's order. Long groups are folded.
import { useState } from "react";
import { ask } from "../../api/client";
import { MoreLinksDocument, type RelatedFragment } from "../../api/generated";
import { type Way, useModel } from "../../api/model";
import { Badge } from "../../parts/Badge";
import { grouped } from "../../parts/grouped";
import { ResourceLink } from "../../parts/ResourceLink";
import { Failure, Nothing } from "../../parts/states";
import { useCommon } from "../../words/common";
import { language } from "../../words/language";
import type { Resource } from "./ResourcePage";
import { useResourceWords } from "./words";

type Edge = RelatedFragment["edges"][number];
const SHOWN = 6;

/** Who answers for it, and whom to call, is what most readers come for. */
const FIRST = ["providedBy", "managedBy", "heldBy", "hasContact"];

export function Links({ resource, at }: { resource: Resource; at: string | undefined }) {
  const said = useResourceWords();
  const none = resource.forward.edges.length === 0 && resource.backward.edges.length === 0;
  return (
    <div className="links paper">
      <h2>{said.links}</h2>
      {none && <Nothing>{said.noLinks}</Nothing>}
      <Direction id={resource.id} at={at} way="FORWARD" first={resource.forward} />
      <Direction id={resource.id} at={at} way="BACKWARD" first={resource.backward} />
    </div>
  );
}

function Direction({ id, at, way, first }: { id: string; at: string | undefined; way: Way; first: RelatedFragment }) {
  const said = useResourceWords();
  const model = useModel();
  const chosen = language.use();
  const [pages, setPages] = useState([first]);
  const [error, setError] = useState<unknown>();
  const last = pages[pages.length - 1] ?? first;
  const more = async () => {
    try {
      const types = way === "FORWARD" ? [...model.links.values()].filter((l) => !l.partOf).map((l) => l.name) : null;
      const answer = await ask(MoreLinksDocument, { id, at: at ?? null, types, direction: way, after: last.pageInfo.endCursor });
      const next = answer.resource?.links;
      if (next) setPages([...pages, next]);
      setError(undefined);
    } catch (caught) {
      setError(caught);
    }
  };
  const order = (name: string) =>
    way === "FORWARD" && FIRST.includes(name) ? FIRST.indexOf(name) - FIRST.length : (model.links.get(name)?.order ?? 0);
  const place = (name: string, ends: readonly Edge[]) => (way === "BACKWARD" && reachable(ends) ? -1 : order(name));
  const groups = grouped(
    pages.flatMap(({ edges }) => edges),
    ({ link }) => link,
  );
  return (
    <>
      {[...groups]
        .sort(([a, ends], [b, others]) => place(a, ends) - place(b, others))
        .map(([link, edges]) => (
          <LinkGroup key={link} label={model.linkLabel(link, way, chosen)} edges={edges} />
        ))}
      {last.pageInfo.hasNextPage && (
        <button type="button" className="plain-button" onClick={() => void more()}>
          {said.moreLinks}
        </button>
      )}
      {error !== undefined && <Failure error={error} retry={() => void more()} />}
    </>
  );
}

/** Posts with a telephone: of a department, what most readers look for. */
const reachable = (edges: readonly Edge[]): boolean => edges.some(({ node }) => node && "phone" in node && node.phone);

function LinkGroup({ label, edges }: { label: string; edges: Edge[] }) {
  const said = useResourceWords();
  const common = useCommon();
  const [open, setOpen] = useState(false);
  const types = new Set(edges.map(({ node }) => node?.type));
  return (
    <section className="link-group">
      <h3>{label}</h3>
      <ul>
        {(open ? edges : edges.slice(0, SHOWN)).map(
          ({ node, rule, source }) =>
            node && (
              <li key={`${node.id} ${source}`} title={source}>
                <ResourceLink id={node.id} title={node.title} type={types.size > 1 ? node.type : undefined} />
                {node.placeholder && <Badge title={common.placeholderTitle}>{common.placeholder}</Badge>}
                {"phone" in node && node.phone && <span className="contact">{node.phone}</span>}
                {"email" in node && node.email && <span className="contact">{node.email}</span>}
                {rule && (
                  <span className="soft small">
                    {said.rule} {rule}
                  </span>
                )}
              </li>
            ),
        )}
      </ul>
      {edges.length > SHOWN && (
        <button type="button" className="plain-button small" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? said.fewer : said.allOf(edges.length)}
        </button>
      )}
    </section>
  );
}
