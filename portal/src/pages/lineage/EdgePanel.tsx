// What stands behind an arrow: rule, job, source and time of each link.
import { Tag } from "antd";
import { Link } from "react-router";
import { ColumnsDocument, CommitAtDocument } from "../../api/generated";
import { useModel } from "../../api/model";
import { useAsk } from "../../api/use";
import { resourceAddress } from "../../parts/address";
import { language } from "../../words/language";
import type { Arrow, Box, Edge } from "./picture";
import { Sql } from "./Sql";
import { useLineageWords } from "./words";

const SHOWN = 50;

export function EdgePanel({ arrow, boxes }: { arrow: Arrow; boxes: readonly Box[] }) {
  const said = useLineageWords();
  const box = (id: string) => boxes.find((one) => one.id === id);
  const name = (id: string, row?: string) => {
    const found = box(id);
    const column = found?.rows.find((one) => one.id === row);
    return [found?.title, column?.title || column?.name].filter(Boolean).join(" · ");
  };
  const grouped = arrow.from.startsWith("group:") || arrow.to.startsWith("group:");
  const brought = !grouped && arrow.edges.some((edge) => edge.brought);
  return (
    <div className="ln-panel">
      <p className="ln-ends">
        <strong>{name(arrow.from, arrow.fromRow)}</strong>
        <span aria-hidden="true"> → </span>
        <strong>{name(arrow.to, arrow.toRow)}</strong>
      </p>
      <p>
        {!arrow.purpose && <Tag>{said[arrow.certainty]}</Tag>}
        {arrow.change && <Tag color={arrow.change === "added" ? "green" : "red"}>{said[arrow.change]}</Tag>}
        <span className="soft">{said.behind(arrow.edges.length)}</span>
      </p>
      {arrow.edges.slice(0, SHOWN).map((edge, i) => (
        <One key={i} edge={edge} alone={arrow.edges.length === 1 && !brought} />
      ))}
      {brought && <Columns from={arrow.from} to={arrow.to} />}
    </div>
  );
}

function One({ edge, alone }: { edge: Edge; alone: boolean }) {
  const said = useLineageWords();
  const model = useModel();
  const chosen = language.use();
  return (
    <section className="ln-edge">
      <dl>
        <dt>{said.linkType}</dt>
        <dd>{model.linkLabel(edge.type, "FORWARD", chosen)}</dd>
        {edge.kind && (
          <>
            <dt>{said.derivation}</dt>
            <dd>{edge.kind}</dd>
          </>
        )}
        {edge.job && (
          <>
            <dt>{said.job}</dt>
            <dd>
              <Link to={resourceAddress(edge.job)}>{edge.job.replace(/^job:/, "")}</Link>
            </dd>
          </>
        )}
        {edge.source && (
          <>
            <dt>{said.source}</dt>
            <dd>{edge.source}</dd>
          </>
        )}
        {edge.commit > 0 && <Recorded commit={edge.commit} />}
      </dl>
      {edge.rule ? <Sql text={edge.rule} /> : alone && edge.commit > 0 && <p className="soft">{said.noRule}</p>}
    </section>
  );
}

function Recorded({ commit }: { commit: number }) {
  const said = useLineageWords();
  const chosen = language.use();
  const asked = useAsk(CommitAtDocument, { after: String(commit + 1) });
  const found = asked.data?.commits.nodes[0];
  if (!found) return null;
  return (
    <>
      <dt>{said.when}</dt>
      <dd>
        {new Date(found.at).toLocaleString(chosen === "zh" ? "zh-CN" : "en-GB", { dateStyle: "medium", timeStyle: "short" })}
        {` · #${found.number} · ${found.actor}`}
      </dd>
    </>
  );
}

/** The columns behind an arrow between datasets. */
function Columns({ from, to }: { from: string; to: string }) {
  const said = useLineageWords();
  const asked = useAsk(ColumnsDocument, { datasets: [to] });
  const found = asked.data?.columnLineage;
  if (!found) return null;
  const of = new Map(found.columns.map((column) => [column.id, column]));
  const edges = found.edges.filter((e) => of.get(e.origin)?.dataset === from && of.get(e.use)?.dataset === to);
  return (
    <section className="ln-edge">
      <h3>{said.columnsBehind}</h3>
      {edges.slice(0, SHOWN).map((edge) => (
        <div key={`${edge.origin}→${edge.use}`} className="ln-column">
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
