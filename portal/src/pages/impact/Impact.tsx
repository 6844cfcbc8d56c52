// What a change reaches, by department, class or certainty, and why. The question stands in
// the address, so that it can be sent to somebody.
import { useInfiniteQuery } from "@tanstack/react-query";
import { Alert, Button, Segmented } from "antd";
import { type ReactNode, useEffect, useMemo, useState } from "react";
import { Link } from "react-router";
import { ask } from "../../api/client";
import { ImpactDocument, type ImpactQuery } from "../../api/generated";
import { fetchFile } from "../../parts/download";
import { More } from "../../parts/More";
import { Answer } from "../../parts/states";
import { Form } from "./Form";
import { Groups } from "./Groups";
import { grouped, type GroupBy } from "./groups";
import "./impact.css";
import { idsTold, kindOf, onward, type Question, useQuestion } from "./question";
import { type ImpactWords, useImpactWords } from "./words";

const PAGE = 200;
type Found = ImpactQuery["impact"];

export default function Impact() {
  const said = useImpactWords();
  const [question] = useQuestion();
  useEffect(() => {
    document.title = said.title;
  }, [said.title]);
  return (
    <div className="im">
      <header>
        <h1>{said.title}</h1>
        <p className="soft">{said.lead}</p>
      </header>
      <Form />
      {question.ids.length === 0 && <p className="paper nothing">{said.empty}</p>}
      {question.ids.length > 0 && question.certainty.length === 0 && <p className="paper nothing">{said.noneSure}</p>}
      {question.ids.length > 0 && question.certainty.length > 0 && <Asked question={question} />}
    </div>
  );
}

function Asked({ question }: { question: Question }) {
  const said = useImpactWords();
  const { ids, certainty, at, depth } = question;
  const changes = ids.map((id) => ({ id, change: kindOf(question, id) }));
  const asked = useInfiniteQuery({
    queryKey: ["impact", changes, certainty, at, depth],
    queryFn: ({ pageParam, signal }) =>
      ask(ImpactDocument, { changes, certainty, at: at ?? null, ...(depth && { depth }), first: PAGE, after: pageParam }, signal),
    initialPageParam: 0,
    getNextPageParam: (last) => last.impact.next ?? undefined,
  });
  const found = asked.data?.pages.map((page) => page.impact);
  return (
    <Answer asked={{ ...asked, data: found }}>
      {(pages) => <Told pages={pages} more={<More asked={asked}>{said.more}</More>} />}
    </Answer>
  );
}

function Told({ pages, more }: { pages: Found[]; more: ReactNode }) {
  const said = useImpactWords();
  const [question, change] = useQuestion();
  const first = pages[0];
  const reached = useMemo(() => pages.flatMap((page) => [...page.affected, ...page.touched]), [pages]);
  const groups = useMemo(() => grouped(reached, question.by), [reached, question.by]);
  if (!first) return null;
  const { counts } = first;
  const all = counts.exact + counts.indirect + counts.coarse + counts.touched;
  if (!all) return <p className="paper nothing">{said.none}</p>;
  return (
    <>
      <Counts counts={counts} said={said} />
      <Cuts found={first} said={said} />
      <div className="im-bar">
        <Segmented<GroupBy>
          aria-label={said.by}
          value={question.by}
          onChange={(by) => change({ by })}
          options={[
            { value: "department", label: said.department },
            { value: "type", label: said.type },
            { value: "certainty", label: said.certaintyBy },
          ]}
        />
        <Share said={said} />
        <Workbook question={question} said={said} />
        {question.ids.length === 1 && (
          <Link to={`/lineage?${new URLSearchParams({ id: question.ids[0] ?? "", dir: "down" })}`}>{said.lineage}</Link>
        )}
        <span className="soft number">{said.shown(reached.length, all)}</span>
      </div>
      <Groups groups={groups} by={question.by} />
      {more}
    </>
  );
}

function Counts({ counts, said }: { counts: Found["counts"]; said: ImpactWords }) {
  const shown = [
    ["exact", counts.exact, `${said.affected} · ${said.exact}`],
    ["indirect", counts.indirect, `${said.affected} · ${said.indirect}`],
    ["coarse", counts.coarse, `${said.affected} · ${said.coarse}`],
    ["touched", counts.touched, said.touched],
  ] as const;
  return (
    <ul className="im-counts">
      {shown
        .filter(([name, count]) => count > 0 || name !== "coarse")
        .map(([name, count, label]) => (
          <li key={name} className={`paper im-${name}`}>
            <strong className="number">{count}</strong>
            <span>{label}</span>
          </li>
        ))}
    </ul>
  );
}

/** What was not followed to its end, and a way to follow it; what the reader may not see. */
function Cuts({ found, said }: { found: Found; said: ImpactWords }) {
  const [, change] = useQuestion();
  const hidden = found.hidden.exact + found.hidden.indirect + found.hidden.coarse + found.hidden.touched;
  if (found.complete && !hidden) return null;
  const lines = found.cut.map((cut) => said.cut(cut.count, said[cut.among as "exact"], said[cut.limit as "depth"]));
  if (hidden) lines.push(said.hidden(hidden));
  const further = Math.max(0, ...found.cut.map((cut) => onward(cut.ask) ?? 0));
  return (
    <Alert
      type="warning"
      showIcon
      title={found.complete ? lines.join("；") : said.incomplete}
      description={found.complete ? undefined : lines.join("；")}
      action={
        further > 0 && (
          <Button size="small" onClick={() => change({ depth: further })}>
            {said.further(further)}
          </Button>
        )
      }
    />
  );
}

/** Who must be told, as a workbook; fetched, so that the token goes with it. */
function Workbook({ question, said }: { question: Question; said: ImpactWords }) {
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState("");
  const save = async () => {
    const { change, certainty, at, depth } = question;
    const told = new URLSearchParams({ change: change.toLowerCase() });
    for (const id of idsTold(question)) told.append("id", id);
    for (const one of certainty) told.append("certainty", one.toLowerCase());
    if (at) told.set("at", at);
    if (depth) told.set("depth", String(depth));
    await fetchFile(`/report/impact.xlsx?${told}`);
  };
  const start = () => {
    setBusy(true);
    setRefused("");
    save()
      .catch((error: Error) => setRefused(error.message))
      .finally(() => setBusy(false));
  };
  return (
    <>
      <Button onClick={start} loading={busy}>
        {said.download}
      </Button>
      {refused && <span role="alert">{refused}</span>}
    </>
  );
}

function Share({ said }: { said: ImpactWords }) {
  const [copied, setCopied] = useState(false);
  return (
    <Button
      onClick={() => {
        void navigator.clipboard.writeText(window.location.href).then(() => setCopied(true));
      }}
    >
      {copied ? said.copied : said.share}
    </Button>
  );
}
