// Another was faster: whose edit it was, what of it is taken over, and where to choose.
import { Alert, Button, Radio } from "antd";
import { useState } from "react";
import type { SinceQuery } from "../../api/generated";
import { useModel } from "../../api/model";
import { time } from "../../parts/moment";
import { useTitles } from "../../parts/ResourcePick";
import { useLabel } from "../../words/language";
import { type Field, type Merged, type Value, type Values, withValue } from "./form";
import { useEditWords } from "./words";

interface ConflictProps {
  fields: readonly Field[];
  since: SinceQuery["compare"];
  merged: Merged;
  onDone: (values: Values) => void;
}

export function Conflict({ fields, since, merged, onDone }: ConflictProps) {
  const said = useEditWords();
  const label = useLabel();
  const { zone } = useModel();
  const [theirs, setTheirs] = useState<ReadonlySet<string>>(new Set());
  const name = (field: string) => {
    const found = fields.find((one) => one.name === field);
    return found ? label(found.label) : field;
  };
  const titles = useTitles(merged.clashes.flatMap((clash) => idsOf(fields, clash.field, clash.mine, clash.theirs)));
  const shown = (value: Value | undefined): string => {
    if (value === undefined) return said.empty;
    return (Array.isArray(value) ? value : [value]).map((one) => titles.get(String(one)) ?? String(one)).join("；");
  };
  const finish = () => {
    const taken = merged.clashes.filter((clash) => theirs.has(clash.field));
    const values = taken.reduce((known, clash) => withValue(known, clash.field, clash.theirs), merged.values);
    onDone(values);
  };
  return (
    <Alert
      className="ed-conflict"
      type="warning"
      showIcon
      role="alert"
      title={said.conflict}
      description={
        <div className="ed-merge">
          <ul>
            {since.commits.map((commit) => (
              <li key={commit.number}>
                {said.conflictBy(commit.actor, time(commit.at, zone), commit.reason)}
              </li>
            ))}
          </ul>
          {merged.taken.length > 0 && <p>{said.taken(merged.taken.map(name).join("、"))}</p>}
          {merged.clashes.length > 0 && <p>{said.clash}</p>}
          {merged.clashes.map((clash) => (
            <div key={clash.field} className="ed-clash" role="group" aria-label={name(clash.field)}>
              <strong>{name(clash.field)}</strong>
              <Radio.Group
                vertical
                value={theirs.has(clash.field) ? "theirs" : "mine"}
                onChange={(event) => {
                  const next = new Set(theirs);
                  if (event.target.value === "theirs") next.add(clash.field);
                  else next.delete(clash.field);
                  setTheirs(next);
                }}
                options={[
                  { value: "mine", label: `${said.mine}：${shown(clash.mine)}` },
                  { value: "theirs", label: `${said.theirs}：${shown(clash.theirs)}` },
                ]}
              />
            </div>
          ))}
          <Button type="primary" onClick={finish}>
            {said.merged}
          </Button>
        </div>
      }
    />
  );
}

function idsOf(fields: readonly Field[], name: string, ...values: (Value | undefined)[]): string[] {
  if (!fields.find((one) => one.name === name)?.range) return [];
  return values.flatMap((value) => (value === undefined ? [] : Array.isArray(value) ? value.map(String) : [String(value)]));
}
