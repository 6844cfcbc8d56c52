// The ontology as pages to read: what is said here is what everything else is made from.
import "./model.css";
import { Input } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { WholeModelDocument, type WholeModelQuery } from "../../api/generated";
import { useModel } from "../../api/model";
import { askAhead, useAsk } from "../../api/use";
import { useParameter } from "../../parts/address";
import Chart from "../../parts/chart/later";
import { Answer, Nothing } from "../../parts/states";
import { useTitle } from "../../parts/title";
import { inLanguage, type Label, language } from "../../words/language";
import { ClassView } from "./ClassView";
import { CodeListView } from "./CodeListView";
import { LinkView } from "./LinkView";
import { WholeView } from "./WholeView";
import { useModelWords } from "./words";

export type Whole = WholeModelQuery["ontology"];
export type Kind = "class" | "codes" | "link";

export const modelAddress = (kind: Kind, name: string) => `/model?${new URLSearchParams({ [kind]: name })}`;

const KINDS: readonly Kind[] = ["class", "codes", "link"];

export function ahead(told: URLSearchParams) {
  void askAhead(WholeModelDocument, {});
  if (!KINDS.some((kind) => told.has(kind))) void Chart.load();
}

export default function ModelPage() {
  const said = useModelWords();
  const asked = useAsk(WholeModelDocument, {}, { staleTime: Number.POSITIVE_INFINITY });
  useTitle(said.title);
  return (
    <div className="model">
      <header>
        <h1>{said.title}</h1>
        <p className="soft">{said.lead}</p>
      </header>
      <Answer asked={asked} rows={12}>
        {({ ontology }) => <Pages whole={ontology} />}
      </Answer>
    </div>
  );
}

function Pages({ whole }: { whole: Whole }) {
  const said = useModelWords();
  const model = useModel();
  const [kind] = useParameter("class");
  const [codes] = useParameter("codes");
  const [link] = useParameter("link");
  const picture = kind === undefined && codes === undefined && link === undefined;
  const shown: Kind = codes !== undefined ? "codes" : link !== undefined ? "link" : "class";
  const first = [...model.classes.keys()][0] ?? "";
  const name = kind ?? codes ?? link ?? first;
  const lists: Record<Kind, { label: string; members: { name: string; label: Label; depth: number }[] }> = {
    class: { label: said.classes, members: tree([...model.classes.values()]) },
    codes: { label: said.codeLists, members: [...model.codeLists.values()].map((list) => ({ ...list, depth: 0 })) },
    link: { label: said.links, members: [...model.links.values()].map((found) => ({ ...found, depth: 0 })) },
  };
  return (
    <div className="model-columns">
      <nav className="paper model-nav" aria-label={said.title}>
        <p className="model-tabs">
          <Link to="/model" aria-current={picture || undefined}>
            {said.whole}
          </Link>
          {KINDS.map((each) => (
            <Link key={each} to={modelAddress(each, lists[each].members[0]?.name ?? "")} aria-current={(!picture && each === shown) || undefined}>
              {lists[each].label} <small>{lists[each].members.length}</small>
            </Link>
          ))}
        </p>
        <Members key={shown} kind={shown} members={lists[shown].members} name={picture ? "" : name} />
      </nav>
      <div className="model-main">
        {picture ? (
          <WholeView whole={whole} />
        ) : (
          <>
            {shown === "class" && model.classes.has(name) && <ClassView name={name} whole={whole} />}
            {shown === "codes" && model.codeLists.has(name) && <CodeListView name={name} whole={whole} />}
            {shown === "link" && model.links.has(name) && <LinkView name={name} whole={whole} />}
            {!lists[shown].members.some((member) => member.name === name) && <Nothing>{said.nothing}</Nothing>}
          </>
        )}
      </div>
    </div>
  );
}

function Members({ kind, members, name }: { kind: Kind; members: { name: string; label: Label; depth: number }[]; name: string }) {
  const said = useModelWords();
  const chosen = language.use();
  const [typed, setTyped] = useState("");
  const wanted = typed.trim().toLowerCase();
  const found = members.filter((member) =>
    [member.name, member.label.zh, member.label.en].some((text) => text.toLowerCase().includes(wanted)),
  );
  return (
    <>
      <Input allowClear placeholder={said.filter} aria-label={said.filter} value={typed} onChange={(event) => setTyped(event.target.value)} />
      <ul>
        {found.map((member) => (
          <li key={member.name} style={{ paddingLeft: wanted ? 0 : member.depth * 14 }}>
            <Link to={modelAddress(kind, member.name)} aria-current={member.name === name || undefined}>
              {inLanguage(member.label, chosen)}
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Classes with those below each right after it. */
function tree(classes: readonly { name: string; label: Label; ancestors: readonly string[] }[]) {
  const below = (parent: string | undefined, depth: number): { name: string; label: Label; depth: number }[] =>
    classes
      .filter(({ ancestors }) => ancestors[0] === parent)
      .flatMap(({ name, label }) => [{ name, label, depth }, ...below(name, depth + 1)]);
  return below(undefined, 0);
}
