// What a change reaches, by department, class or certainty, and why. The question stands in
// the address, so that it can be sent to somebody.
import { useInfiniteQuery } from "@tanstack/react-query";
import { Alert, Button, Checkbox, Segmented, Select, Tooltip } from "antd";
import { useEffect, useMemo, useState } from "react";
import { Link, useSearchParams } from "react-router";
import { ask, request } from "../../api/client";
import { type ChangeKind, ImpactDocument, type ImpactQuery } from "../../api/generated";
import { useModel } from "../../api/model";
import { download } from "../../parts/download";
import { ResourcePick } from "../../parts/ResourcePick";
import { Answer } from "../../parts/states";
import { Groups } from "./Groups";
import { grouped, type GroupBy } from "./groups";
import "./impact.css";
import { type ImpactWords, useImpactWords } from "./words";

const PAGE = 200;
const CERTAINTIES = ["EXACT", "INDIRECT", "COARSE"] as const;
type Certainty = (typeof CERTAINTIES)[number];
type Found = ImpactQuery["impact"];

interface Question {
  ids: string[];
  change: ChangeKind;
  certainty: Certainty[];
  by: GroupBy;
  at?: string;
}

function useQuestion(): [Question, (next: Partial<Question>) => void] {
  const [told, set] = useSearchParams();
  const question = useMemo(() => read(told), [told]);
  return [question, (next) => set((before) => write({ ...read(before), ...next }), { replace: true })];
}

function read(told: URLSearchParams): Question {
  const sure = (told.get("sure") ?? "exact,indirect").toUpperCase().split(",");
  const by = told.get("by");
  return {
    ids: told.getAll("id"),
    change: (told.get("change")?.toUpperCase() ?? "REMOVE") as ChangeKind,
    certainty: CERTAINTIES.filter((one) => sure.includes(one)),
    by: by === "type" || by === "certainty" ? by : "department",
    at: told.get("at") ?? undefined,
  };
}

function write({ ids, change, certainty, by, at }: Question): URLSearchParams {
  const told = new URLSearchParams();
  for (const id of ids) told.append("id", id);
  if (change !== "REMOVE") told.set("change", change.toLowerCase());
  const sure = certainty.join(",").toLowerCase();
  if (sure !== "exact,indirect") told.set("sure", sure);
  if (by !== "department") told.set("by", by);
  if (at) told.set("at", at);
  return told;
}

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
      {question.ids.length > 0 && question.certainty.length > 0 && <Asked question={question} />}
    </div>
  );
}

function Form() {
  const said = useImpactWords();
  const model = useModel();
  const [question, change] = useQuestion();
  return (
    <form className="paper im-form" onSubmit={(event) => event.preventDefault()}>
      <label htmlFor="im-what">{said.what}</label>
      <ResourcePick id="im-what" many value={question.ids} label={said.what} hint={said.hint} onChange={(ids) => change({ ids })} />
      <label htmlFor="im-change">{said.change}</label>
      <Select
        id="im-change"
        aria-label={said.change}
        value={question.change}
        onChange={(kind) => change({ change: kind })}
        options={model.changeKinds.map((kind) => kind.toUpperCase() as ChangeKind).map((kind) => ({ value: kind, label: said[kind] }))}
      />
      <span>{said.certainty}</span>
      <span className="im-sure" role="group" aria-label={said.certainty}>
        {CERTAINTIES.map((one) => (
          <Tooltip key={one} title={one === "COARSE" ? said.coarseHelp : undefined}>
            <Checkbox
              checked={question.certainty.includes(one)}
              onChange={({ target }) =>
                change({ certainty: CERTAINTIES.filter((c) => (c === one ? target.checked : question.certainty.includes(c))) })
              }
            >
              {said[one]}
            </Checkbox>
          </Tooltip>
        ))}
      </span>
    </form>
  );
}

function Asked({ question }: { question: Question }) {
  const { ids, change, certainty, at } = question;
  const asked = useInfiniteQuery({
    queryKey: ["impact", ids, change, certainty, at],
    queryFn: ({ pageParam, signal }) =>
      ask(ImpactDocument, { ids, change, certainty, at: at ?? null, first: PAGE, after: pageParam }, signal),
    initialPageParam: 0,
    getNextPageParam: (last) => last.impact.next ?? undefined,
  });
  const found = asked.data?.pages.map((page) => page.impact);
  return (
    <Answer asked={{ ...asked, data: found }}>
      {(pages) => <Told pages={pages} more={asked.hasNextPage ? () => void asked.fetchNextPage() : undefined} busy={asked.isFetchingNextPage} />}
    </Answer>
  );
}

function Told({ pages, more, busy }: { pages: Found[]; more?: () => void; busy: boolean }) {
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
      {more && (
        <Button onClick={more} loading={busy}>
          {said.more}
        </Button>
      )}
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

function Cuts({ found, said }: { found: Found; said: ImpactWords }) {
  const hidden = found.hidden.exact + found.hidden.indirect + found.hidden.coarse + found.hidden.touched;
  if (found.complete && !hidden) return null;
  const lines = found.cut.map((cut) => said.cut(cut.count, said[cut.among as "exact"], said[cut.limit as "depth"]));
  if (hidden) lines.push(said.hidden(hidden));
  return <Alert type="warning" showIcon title={found.complete ? lines.join("；") : said.incomplete} description={found.complete ? undefined : lines.join("；")} />;
}

/** Who must be told, as a workbook; fetched, so that the token goes with it. */
function Workbook({ question, said }: { question: Question; said: ImpactWords }) {
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState("");
  const save = async () => {
    const { ids, change, certainty, at } = question;
    const told = new URLSearchParams({ change: change.toLowerCase() });
    for (const id of ids) told.append("id", id);
    for (const one of certainty) told.append("certainty", one.toLowerCase());
    if (at) told.set("at", at);
    const answer = await request(`/report/impact.xlsx?${told}`);
    if (!answer.ok) throw new Error(`${answer.status}`);
    download("impact.xlsx", await answer.blob());
  };
  const start = () => {
    setBusy(true);
    setRefused("");
    save()
      .catch((error: unknown) => setRefused(String(error)))
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
