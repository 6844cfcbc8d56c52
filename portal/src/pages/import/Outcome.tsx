// What a run would do, or did: counts, changes, problems by row.
import { Alert, Button, Table, Tabs, Tag } from "antd";
import { Link } from "react-router";
import { useModel } from "../../api/model";
import { resourceAddress } from "../../parts/address";
import { ending } from "../../parts/ResourcePick";
import { language } from "../../words/language";
import type { Change, Problem, Report } from "./run";
import { useImportWords } from "./words";

const SHOWN = ["read", "new", "changed", "unchanged", "withdrawn", "rejected", "errors", "warnings"] as const;

interface OutcomeProps {
  report: Report;
  /** Of the file of refused rows. */
  form: "jsonl" | "xlsx";
  onRejected: () => void;
}

export function Outcome({ report, form, onRejected }: OutcomeProps) {
  const said = useImportWords();
  const { counts, problems, changes } = report;
  return (
    <section className="paper ip-section">
      <h2>{report.dry_run ? said.counts : said.done}</h2>
      {report.refused && <Alert type="error" showIcon title={report.refused} />}
      <ul className="ip-counts">
        {SHOWN.map((name) => (
          <li key={name} className={counts[name] && (name === "errors" || name === "rejected") ? "ip-bad" : undefined}>
            <strong className="number">{counts[name]}</strong>
            <span className="soft">{said[name]}</span>
          </li>
        ))}
      </ul>
      {report.unread.length > 0 && (
        <Alert
          type="warning"
          showIcon
          title={said.unread}
          description={
            <ul>
              {report.unread.slice(0, 10).map((part, i) => (
                <li key={i}>{[part.file, part.sheet, part.why].filter(Boolean).join(" · ")}</li>
              ))}
            </ul>
          }
        />
      )}
      {counts.rejected > 0 && (
        <div>
          <Button onClick={onRejected}>{said.download(form === "jsonl" ? "JSON Lines" : "Excel")}</Button>
        </div>
      )}
      <Tabs
        items={[
          ...(report.dry_run ? [{ key: "changes", label: `${said.changes} ${changes.length}`, children: <Changes changes={changes} /> }] : []),
          { key: "problems", label: `${said.problems} ${problems.length}`, children: <Problems problems={problems} /> },
        ]}
        defaultActiveKey={counts.errors || !report.dry_run ? "problems" : "changes"}
      />
    </section>
  );
}

const COLOURS = { new: "green", changed: "blue", withdrawn: "red" };

function Changes({ changes }: { changes: Change[] }) {
  const said = useImportWords();
  const model = useModel();
  const chosen = language.use();
  if (!changes.length) return <p className="soft">{said.noChanges}</p>;
  const titleOf = (change: Change): string => {
    const kind = model.classes.get(change.type);
    const names = ["title", "name", "nameZh", "displayName", "physicalName"];
    const found = names.map((name) => change.attributes[name]?.[1]).find(Boolean);
    return found ? String(found) : ending(change.id) || (kind?.name ?? change.id);
  };
  return (
    <Table<Change>
      size="small"
      rowKey="id"
      dataSource={changes}
      pagination={{ pageSize: 20, hideOnSinglePage: true, showSizeChanger: false }}
      scroll={{ x: 640 }}
      expandable={{
        rowExpandable: (change) => change.what !== "withdrawn",
        expandedRowRender: (change) => <Details change={change} />,
      }}
      columns={[
        { title: said.changes, width: 90, render: (_, change) => <Tag color={COLOURS[change.what]}>{said[change.what]}</Tag> },
        { title: said.name, render: (_, change) => (change.what === "new" ? titleOf(change) : <Link to={resourceAddress(change.id)}>{titleOf(change)}</Link>) },
        { title: said.type, render: (_, change) => model.classLabel(change.type, chosen) },
        {
          title: said.difference,
          render: (_, change) =>
            [said.attributes(Object.keys(change.attributes).length), said.links(change.linked.length + change.unlinked.length)].join("，"),
        },
      ]}
    />
  );
}

function Details({ change }: { change: Change }) {
  const model = useModel();
  const chosen = language.use();
  return (
    <dl className="ip-details">
      {Object.entries(change.attributes).map(([name, [before, after]]) => (
        <div key={name}>
          <dt>{model.label(name, chosen)}</dt>
          <dd>
            {before !== null && <del>{shown(before)}</del>} {after !== null && <ins>{shown(after)}</ins>}
          </dd>
        </div>
      ))}
      {change.linked.map(([type, target]) => (
        <div key={`+${type}${target}`}>
          <dt>{model.linkLabel(type, "FORWARD", chosen)}</dt>
          <dd>
            <ins>{ending(target)}</ins>
          </dd>
        </div>
      ))}
      {change.unlinked.map(([type, target]) => (
        <div key={`-${type}${target}`}>
          <dt>{model.linkLabel(type, "FORWARD", chosen)}</dt>
          <dd>
            <del>{ending(target)}</del>
          </dd>
        </div>
      ))}
    </dl>
  );
}

const shown = (value: unknown): string => (Array.isArray(value) ? value.join("；") : String(value));

function Problems({ problems }: { problems: Problem[] }) {
  const said = useImportWords();
  if (!problems.length) return <p className="soft">{said.noProblems}</p>;
  const sorted = [...problems].sort((a, b) => Number(b.severity === "error") - Number(a.severity === "error"));
  return (
    <Table<Problem>
      size="small"
      rowKey={(problem) => `${problem.file}${problem.sheet}${problem.row}${problem.column}${problem.what}`}
      dataSource={sorted}
      pagination={{ pageSize: 20, hideOnSinglePage: true, showSizeChanger: false }}
      scroll={{ x: 760 }}
      columns={[
        { title: said.severity, width: 80, render: (_, one) => <Tag color={one.severity === "error" ? "red" : "orange"}>{one.severity === "error" ? said.error : said.warning}</Tag> },
        { title: said.place, width: 170, render: (_, one) => [one.sheet || one.file, one.row !== null && said.row(one.row)].filter(Boolean).join(" ") },
        { title: said.column, width: 130, render: (_, one) => one.column },
        { title: said.what, render: (_, one) => one.what },
        { title: said.mend, render: (_, one) => <span className="soft">{one.mend}</span> },
      ]}
    />
  );
}
