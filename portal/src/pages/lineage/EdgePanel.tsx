// What stands behind an arrow: rule, job, source and time of each link.
import { Tag } from "antd";
import { type SyntheticEvent, useState } from "react";
import { Link } from "react-router";
import { BehindDocument, type BehindQuery, ColumnsBehindDocument, CommitAtDocument } from "../../api/generated";
import { useModel } from "../../api/model";
import { useAsk } from "../../api/use";
import { resourceAddress } from "../../parts/address";
import { Answer } from "../../parts/states";
import { Time } from "../../parts/Time";
import { language } from "../../words/language";
import type { Arrow, Edge, Picture } from "./picture";
import { Sql } from "./Sql";
import { useAddress } from "./state";
import { useLineageWords } from "./words";

const SHOWN = 50;
const LIMIT = 5_000;

export function EdgePanel({ arrow, picture }: { arrow: Arrow; picture: Picture }) {
  const said = useLineageWords();
  const [address] = useAddress();
  const name = (id: string) => picture.titles.get(id) || said.hiddenBox;
  const pairs = [...new Map(arrow.edges.map((edge) => [`${edge.origin}→${edge.use}`, edge])).values()];
  // Of two dates the later is drawn; only what vanished since is told as it was at the earlier.
  const drawnNow = address.compare && arrow.change !== "vanished";
  const at = drawnNow ? undefined : address.at;
  const alone = pairs.length === 1;
  return (
    <div className="ln-panel">
      <p className="ln-ends">
        <strong>{name(arrow.fromRow ?? arrow.from)}</strong>
        <span aria-hidden="true"> → </span>
        <strong>{name(arrow.toRow ?? arrow.to)}</strong>
      </p>
      <p>
        {!arrow.purpose && <Tag>{said[arrow.certainty]}</Tag>}
        {arrow.change && <Tag color={arrow.change === "added" ? "green" : "red"}>{said[arrow.change]}</Tag>}
        {!alone && <span className="soft">{said.behind(pairs.length)}</span>}
      </p>
      {pairs.slice(0, SHOWN).map((edge) =>
        edge.type ? (
          <section key={edge.origin} className="ln-edge">
            <dl>
              <Kind type={edge.type} />
            </dl>
          </section>
        ) : alone ? (
          <Behind key={edge.origin} edge={edge} at={at} />
        ) : (
          <Folded key={`${edge.origin}→${edge.use}`} edge={edge} at={at} title={`${name(edge.origin)} → ${name(edge.use)}`} />
        ),
      )}
      {pairs.length > SHOWN && <p className="soft">{said.morePairs(pairs.length - SHOWN)}</p>}
    </div>
  );
}

function Kind({ type }: { type: string }) {
  const said = useLineageWords();
  const model = useModel();
  const chosen = language.use();
  return (
    <>
      <dt>{said.linkType}</dt>
      <dd>{model.linkLabel(type, "FORWARD", chosen)}</dd>
    </>
  );
}

/** One pair among several: what stands behind it is asked when it is opened. */
function Folded({ edge, at, title }: { edge: Edge; at?: string; title: string }) {
  const said = useLineageWords();
  const [open, setOpen] = useState(false);
  return (
    <details className="ln-edge" onToggle={(event: SyntheticEvent<HTMLDetailsElement>) => setOpen(event.currentTarget.open)}>
      <summary>
        {title} <Tag>{said[edge.certainty]}</Tag>
      </summary>
      {open && <Behind edge={edge} at={at} />}
    </details>
  );
}

function Behind({ edge, at }: { edge: Edge; at?: string }) {
  const said = useLineageWords();
  const hidden = edge.origin.startsWith("hidden:") || edge.use.startsWith("hidden:");
  const asked = useAsk(BehindDocument, { use: edge.use, at: at ?? null, limit: LIMIT }, { enabled: !hidden });
  if (hidden) return <p className="soft">{said.hiddenBox}</p>;
  return (
    <Answer asked={asked} rows={3}>
      {({ lineage }) => (
        <>
          {lineage.edges
            .filter((one) => one.origin === edge.origin && one.use === edge.use)
            .map((one, i) => (
              <One key={i} told={one} brought={edge.brought} />
            ))}
          {edge.brought && <Columns from={edge.origin} to={edge.use} at={at} />}
        </>
      )}
    </Answer>
  );
}

function One({ told, brought }: { told: BehindQuery["lineage"]["edges"][number]; brought: boolean }) {
  const said = useLineageWords();
  return (
    <section className="ln-edge">
      <dl>
        <Kind type={told.type} />
        {told.kind && (
          <>
            <dt>{said.derivation}</dt>
            <dd>{told.kind}</dd>
          </>
        )}
        {told.job && (
          <>
            <dt>{said.job}</dt>
            <dd>
              <Link to={resourceAddress(told.job)}>{told.job.replace(/^job:/, "")}</Link>
            </dd>
          </>
        )}
        {told.source && (
          <>
            <dt>{said.source}</dt>
            <dd>{told.source}</dd>
          </>
        )}
        {told.commit > 0 && <Recorded commit={told.commit} />}
      </dl>
      {told.rule ? <Sql text={told.rule} /> : !brought && told.commit > 0 && <p className="soft">{said.noRule}</p>}
    </section>
  );
}

function Recorded({ commit }: { commit: number }) {
  const said = useLineageWords();
  const asked = useAsk(CommitAtDocument, { after: String(commit + 1) });
  const found = asked.data?.commits.nodes[0];
  if (!found) return null;
  return (
    <>
      <dt>{said.when}</dt>
      <dd>
        <Time at={found.at} />
        {` · #${found.number} · ${found.actor}`}
      </dd>
    </>
  );
}

/** The columns behind an arrow between datasets. */
function Columns({ from, to, at }: { from: string; to: string; at?: string }) {
  const said = useLineageWords();
  const asked = useAsk(ColumnsBehindDocument, { dataset: to, at: at ?? null });
  const found = asked.data?.columnLineage;
  if (!found) return null;
  const of = new Map(found.columns.map((column) => [column.id, column]));
  const edges = found.edges.filter((e) => of.get(e.origin)?.dataset === from && of.get(e.use)?.dataset === to);
  if (!edges.length) return null;
  return (
    <section className="ln-edge">
      <h3>{said.columnsBehind}</h3>
      {edges.slice(0, SHOWN).map((edge, i) => (
        <div key={i} className="ln-column">
          <p>
            {of.get(edge.origin)?.title}
            <span aria-hidden="true"> → </span>
            {of.get(edge.use)?.title} <Tag>{said[edge.certainty]}</Tag>
          </p>
          {edge.rule && <Sql text={edge.rule} />}
        </div>
      ))}
    </section>
  );
}
