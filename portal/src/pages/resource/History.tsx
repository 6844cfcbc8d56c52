// What each source said, and when: newest first, each step as what it changed.
import { type ReactNode, useState } from "react";
import { Link } from "react-router";
import { HistoryDocument, TitlesDocument } from "../../api/generated";
import { useModel } from "../../api/model";
import { useAsk } from "../../api/use";
import { resourceAddress } from "../../parts/address";
import { Badge } from "../../parts/Badge";
import { grouped } from "../../parts/grouped";
import { Answer } from "../../parts/states";
import { Time } from "../../parts/Time";
import { titlesOf } from "../../parts/titles";
import { Value } from "../../parts/Value";
import { language } from "../../words/language";
import { type Step, timeline } from "./history";
import { useResourceWords } from "./words";

const SHOWN = 4;
const NAMED = 6;

export function History({ id, type }: { id: string; type: string }) {
  const said = useResourceWords();
  const [open, setOpen] = useState(false);
  const asked = useAsk(HistoryDocument, { id });
  return (
    <Answer asked={asked} rows={3}>
      {({ resource }) => {
        const steps = timeline(resource?.history ?? []);
        const shown = open ? steps : steps.slice(0, SHOWN);
        return (
          <>
            <Steps id={id} type={type} steps={shown} />
            {steps.length > shown.length && (
              <button type="button" className="plain-button" onClick={() => setOpen(true)}>
                {said.historyMore(steps.length - shown.length)}
              </button>
            )}
          </>
        );
      }}
    </Answer>
  );
}

function Steps({ id, type, steps }: { id: string; type: string; steps: Step[] }) {
  const said = useResourceWords();
  const named = useTitles(steps);
  const rank = (name: string) => said.ranks[name as keyof typeof said.ranks] ?? name;
  return (
    <ol className="timeline">
      {steps.map((step) => (
        <li key={`${step.commit} ${step.source} ${step.withdrawn}`}>
          <p className="step-head">
            {step.at && <Time at={step.at} />}
            <strong>{step.source}</strong>
            <Badge>{rank(step.rank)}</Badge>
            <span className="soft small">
              {step.actor && `${step.actor} · `}
              {said.commit(step.commit)}
            </span>
            <Link className="small no-print" to={`${resourceAddress(id)}&at=${step.commit}`}>
              {said.asThen}
            </Link>
          </p>
          {step.reason && <p className="soft small">{step.reason}</p>}
          <Diff type={type} step={step} named={named} />
        </li>
      ))}
    </ol>
  );
}

function Diff({ type, step, named }: { type: string; step: Step; named: ReadonlyMap<string, string> }) {
  const said = useResourceWords();
  const model = useModel();
  const chosen = language.use();
  if (step.withdrawn) return <p>{said.withdrawn}</p>;
  const links = (sign: string, word: string, told: Step["linked"]): ReactNode =>
    [...grouped(told, ({ type }) => type)].map(([link, ends]) => (
      <li key={`${word} ${link}`} className={sign}>
        {word} {model.linkLabel(link, "FORWARD", chosen)}：
        {ends.slice(0, NAMED).map(({ target }, index) => (
          <span key={target}>
            {index > 0 && "、"}
            <Link to={resourceAddress(target)}>{named.get(target) ?? target}</Link>
          </span>
        ))}
        {ends.length > NAMED && ` ${said.and(ends.length - NAMED)}`}
      </li>
    ));
  const nothing = step.attributes.length + step.linked.length + step.unlinked.length + step.denied.length === 0;
  return (
    <ul className="diff">
      {nothing && <li>{said.same}</li>}
      {step.attributes.map(({ name, before, after }) => {
        const attribute = model.attribute(type, name);
        return (
          <li key={name} className={after === undefined ? "gone" : before === undefined ? "new" : "other"}>
            {model.label(name, chosen)}{" "}
            {before !== undefined && (
              <del>
                <Value attribute={attribute} value={before} />
              </del>
            )}{" "}
            {after === undefined ? said.removed : <Value attribute={attribute} value={after} />}
          </li>
        );
      })}
      {links("new", said.linked, step.linked)}
      {links("gone", said.unlinked, step.unlinked)}
      {step.denied.length > 0 && (
        <li className="gone">
          {said.denied} {step.denied.map((name) => model.label(name, chosen)).join("、")}
        </li>
      )}
    </ul>
  );
}

/** Names of the resources that the shown steps link to. */
function useTitles(steps: Step[]): ReadonlyMap<string, string> {
  const ids = [
    ...new Set(steps.flatMap(({ linked, unlinked }) => [...first(linked), ...first(unlinked)])),
  ].slice(0, 200);
  const asked = useAsk(TitlesDocument, { ids }, { enabled: ids.length > 0, keep: true });
  return titlesOf(asked.isPlaceholderData ? [] : ids, asked.data?.resources);
}

const first = (links: Step["linked"]) =>
  [...grouped(links, ({ type }) => type).values()].flatMap((ends) => ends.slice(0, NAMED).map(({ target }) => target));
