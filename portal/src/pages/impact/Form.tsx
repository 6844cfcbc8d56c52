// What is asked: which resources change, how, how sure, as of when, how far.
import { Button, Checkbox, Input, Select, Tooltip } from "antd";
import { useState } from "react";
import type { ChangeKind } from "../../api/generated";
import { useModel } from "../../api/model";
import { dayOf, today } from "../../parts/moment";
import { ending, ResourcePick, useTitles } from "../../parts/ResourcePick";
import { CERTAINTIES, kindOf, useQuestion } from "./question";
import { useImpactWords } from "./words";

interface KindProps {
  id?: string;
  label: string;
  value: ChangeKind;
  onChange: (kind: ChangeKind) => void;
}

function Kind({ label, ...rest }: KindProps) {
  const said = useImpactWords();
  const model = useModel();
  const kinds = model.changeKinds.map((kind) => kind.toUpperCase() as ChangeKind);
  return <Select {...rest} className="im-kind" aria-label={label} options={kinds.map((kind) => ({ value: kind, label: said[kind] }))} />;
}

/** Where several resources change, each may change in its own way. */
function Each() {
  const said = useImpactWords();
  const [question, change] = useQuestion();
  const [open, setOpen] = useState(false);
  const titles = useTitles(question.ids);
  if (question.ids.length < 2) return null;
  if (!open && !Object.keys(question.own).length) {
    return (
      <button type="button" className="plain-button im-each" onClick={() => setOpen(true)}>
        {said.each}
      </button>
    );
  }
  return (
    <ul className="im-each">
      {question.ids.map((id) => (
        <li key={id}>
          <span>{titles.get(id) ?? ending(id)}</span>
          <Kind
            label={`${said.change}: ${titles.get(id) ?? id}`}
            value={kindOf(question, id)}
            onChange={(kind) => change({ own: { ...question.own, [id]: kind } })}
          />
        </li>
      ))}
    </ul>
  );
}

export function Form() {
  const said = useImpactWords();
  const { zone } = useModel();
  const [question, change] = useQuestion();
  return (
    <form className="paper im-form" onSubmit={(event) => event.preventDefault()}>
      <label htmlFor="im-what">{said.what}</label>
      <ResourcePick id="im-what" many value={question.ids} label={said.what} hint={said.hint} onChange={(ids) => change({ ids })} />
      <label htmlFor="im-change">{said.change}</label>
      <Kind id="im-change" label={said.change} value={question.change} onChange={(kind) => change({ change: kind, own: {} })} />
      <Each />
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
      <label htmlFor="im-at">{said.at}</label>
      <span className="im-sure">
        <Input
          id="im-at"
          type="date"
          className="im-date"
          value={question.at ? dayOf(question.at, zone) : ""}
          max={today(zone)}
          onChange={(event) => change({ at: event.target.value || undefined })}
        />
        {question.at ? (
          <Button size="small" onClick={() => change({ at: undefined })}>
            {said.now}
          </Button>
        ) : (
          <span className="soft">{said.atHelp}</span>
        )}
      </span>
      <label htmlFor="im-depth">{said.depthLabel}</label>
      <Select
        id="im-depth"
        className="im-depth"
        aria-label={said.depthLabel}
        value={question.depth ?? 0}
        onChange={(depth) => change({ depth: depth || undefined })}
        options={[...new Set([0, 1, 2, 3, 5, 10, question.depth ?? 0])].sort((a, b) => a - b).map((depth) => ({ value: depth, label: depth ? said.upTo(depth) : said.all }))}
      />
    </form>
  );
}
