// What is asked: which resources change, how, how sure, as of when, how far.
import { Button, Checkbox, Input, Select, Tooltip } from "antd";
import type { ChangeKind } from "../../api/generated";
import { useModel } from "../../api/model";
import { ResourcePick } from "../../parts/ResourcePick";
import { CERTAINTIES, useQuestion } from "./question";
import { useImpactWords } from "./words";

const today = () => new Date().toISOString().slice(0, 10);

export function Form() {
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
      <label htmlFor="im-at">{said.at}</label>
      <span className="im-sure">
        <Input
          id="im-at"
          type="date"
          className="im-date"
          value={question.at?.slice(0, 10) ?? ""}
          max={today()}
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
