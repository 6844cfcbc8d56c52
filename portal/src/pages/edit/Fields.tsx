// The fields, in the ontology's groups and order, each with the widget of its datatype.
import { Collapse, Input, InputNumber, Select } from "antd";
import { memo, useMemo } from "react";
import { ResourcePick } from "../../parts/ResourcePick";
import { useLabel } from "../../words/language";
import type { Told } from "./asking";
import { type Field, same, type Value, type Values } from "./form";
import { useEditWords } from "./words";

type Change = (name: string, value: Value | undefined) => void;

interface FieldsProps {
  fields: readonly Field[];
  values: Values;
  base: Values;
  wrong: ReadonlyMap<string, Told[]>;
  unclear: ReadonlyMap<string, Told[]>;
  onChange: Change;
}

export function Fields({ fields, values, base, wrong, unclear, onChange }: FieldsProps) {
  const said = useEditWords();
  const label = useLabel();
  const groups = useMemo(() => grouped(fields), [fields]);
  // Fields with a value or that must have one come first; the rest of a group folds away.
  const usual = useMemo(() => new Set(fields.filter((f) => f.required || base[f.name] !== undefined).map((f) => f.name)), [fields, base]);
  const one = (field: Field) => (
    <One
      key={field.name}
      field={field}
      value={values[field.name]}
      changed={!same(values[field.name], base[field.name])}
      wrong={wrong.get(field.name)}
      unclear={unclear.get(field.name)}
      onChange={onChange}
    />
  );
  const shownFirst = (field: Field) => usual.has(field.name) || wrong.has(field.name);
  const fresh = usual.size < 4;
  return (
    <form className="ed-form" onSubmit={(event) => event.preventDefault()}>
      {[...groups].map(([name, members]) => {
        const first = members.filter((field) => fresh && members.length < 12 ? true : shownFirst(field));
        const rest = members.filter((field) => !first.includes(field));
        return (
          <fieldset key={name} className="paper">
            <legend>{members[0] && (label(members[0].group) || said.other)}</legend>
            {first.map(one)}
            {rest.length > 0 && (
              <Collapse ghost size="small" items={[{ key: "rest", label: said.optional(rest.length), children: <div className="ed-rest">{rest.map(one)}</div> }]} />
            )}
          </fieldset>
        );
      })}
    </form>
  );
}

function grouped(fields: readonly Field[]): Map<string, Field[]> {
  const groups = new Map<string, Field[]>();
  for (const field of fields) groups.set(field.group.zh, [...(groups.get(field.group.zh) ?? []), field]);
  return groups;
}

interface OneProps {
  field: Field;
  value: Value | undefined;
  changed: boolean;
  wrong?: Told[];
  unclear?: Told[];
  onChange: Change;
}

const One = memo(function One({ field, value, changed, wrong, unclear, onChange }: OneProps) {
  const said = useEditWords();
  const label = useLabel();
  const id = `ed-${field.name}`;
  const help = label(field.help);
  return (
    <div className={`ed-field${changed ? " ed-changed" : ""}`}>
      <label htmlFor={id} title={help}>
        {label(field.label)}
        {field.required && <span className="ed-required">{said.required}</span>}
      </label>
      <div>
        <Widget id={id} field={field} value={value} invalid={wrong !== undefined} onChange={(next) => onChange(field.name, next)} />
        {wrong?.map((one, i) => (
          <p key={i} className="ed-wrong" role="alert">
            {one.what}
            {one.mend && ` ${one.mend}`}
          </p>
        ))}
        {!wrong &&
          unclear?.map((one, i) => (
            <p key={i} className="ed-unclear">
              {one.what}
              {one.mend && ` ${one.mend}`}
            </p>
          ))}
      </div>
    </div>
  );
});

interface WidgetProps {
  id: string;
  field: Field;
  value: Value | undefined;
  invalid: boolean;
  onChange: (value: Value | undefined) => void;
}

/** Room for the text. (Ant Design's own measuring writes a style attribute, which the policy
 * does not let in.) */
const rowsFor = (value: Value | undefined): number => Math.min(8, Math.max(2, Math.ceil(String(value ?? "").length / 38)));

const LOCAL = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/;
const secondsOf = (local: string): string => (/T\d\d:\d\d$/.test(local) ? `${local}:00` : local);

function Widget({ id, field, value, invalid, onChange }: WidgetProps) {
  const said = useEditWords();
  const label = useLabel();
  const status = invalid ? "error" : undefined;
  const shared = { id, status, "aria-invalid": invalid } as const;
  if (field.range) {
    const ids = value === undefined ? [] : Array.isArray(value) ? value.map(String) : [String(value)];
    return (
      <ResourcePick
        id={id}
        many={field.many}
        types={field.range.length ? field.range : undefined}
        value={ids}
        label={label(field.label)}
        hint=" "
        invalid={invalid}
        onChange={(next) => onChange(field.many ? next : next[0])}
      />
    );
  }
  if (field.codes) {
    const options = field.codes.codes.map((code) => ({ value: code.notation, label: label(code.label) || code.notation }));
    const mode = field.many ? (field.codes.open ? "tags" : "multiple") : undefined;
    if (!field.many && field.codes.open) {
      return (
        <Select {...shared} mode="tags" maxCount={1} value={value === undefined ? [] : [value as string]} options={options} onChange={(next: string[]) => onChange(next[0])} aria-label={label(field.label)} />
      );
    }
    return (
      <Select {...shared} mode={mode} allowClear showSearch={{ optionFilterProp: "label" }} value={value as string | string[] | undefined} options={options} onChange={(next) => onChange(next)} aria-label={label(field.label)} />
    );
  }
  if (field.many) {
    return <Select {...shared} mode="tags" value={(value ?? []) as string[]} open={false} suffixIcon={null} tokenSeparators={["；", ";", "，"]} onChange={(next: string[]) => onChange(next)} aria-label={label(field.label)} />;
  }
  switch (field.datatype) {
    case "boolean":
      return (
        <Select
          {...shared}
          allowClear
          aria-label={label(field.label)}
          value={value === undefined ? undefined : String(value)}
          options={[
            { value: "true", label: said.yes },
            { value: "false", label: said.no },
          ]}
          onChange={(next?: string) => onChange(next === undefined ? undefined : next === "true")}
        />
      );
    case "integer":
    case "decimal":
      return <InputNumber {...shared} className="ed-number" precision={field.datatype === "integer" ? 0 : undefined} value={value as number | undefined} onChange={(next) => onChange(next ?? undefined)} />;
    case "date":
      return <Input {...shared} type="date" className="ed-number" value={String(value ?? "").slice(0, 10)} onChange={(event) => onChange(event.target.value)} />;
    case "dateTime":
      // With a zone or a part of a second it stays as it was told: the browser's own field would drop that.
      if (value !== undefined && !LOCAL.test(String(value))) break;
      return <Input {...shared} type="datetime-local" step={1} className="ed-moment" value={String(value ?? "")} onChange={(event) => onChange(secondsOf(event.target.value))} />;
    case "text":
      return <Input.TextArea {...shared} rows={rowsFor(value)} value={String(value ?? "")} onChange={(event) => onChange(event.target.value)} />;
  }
  return <Input {...shared} maxLength={field.maxLength} value={String(value ?? "")} onChange={(event) => onChange(event.target.value)} />;
}
