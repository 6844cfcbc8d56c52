// A form as values: what the ledger says, what the reader made of it, what another did
// meanwhile. Pure, so that merging is tested without a browser.
import type { FormModelQuery } from "../../api/generated";
import type { Label } from "../../words/language";

export type One = string | number | boolean;
export type Value = One | One[];
/** Field name → value; a link's value are ids. What is absent is not said. */
export type Values = Readonly<Record<string, Value>>;

type Told = FormModelQuery["ontology"];
export type Attribute = Told["classes"][number]["attributes"][number];
export type LinkType = Told["links"][number];

export interface Field {
  name: string;
  label: Label;
  help: Label;
  group: Label;
  required: boolean;
  many: boolean;
  datatype: string;
  maxLength?: number;
  codes?: { open: boolean; codes: { notation: string; label: Label }[] };
  /** The classes that may stand at the other end, for a link. */
  range?: string[];
  link?: string;
}

const LINKS: Label = { zh: "关联", en: "Links" };
const NONE: Label = { zh: "", en: "" };

/** The fields of a class's form, in the ontology's order: attributes, links, wholes. `inputs`
 * are the fields that its mutation takes. */
export function fieldsOf(told: Told, type: string, inputs: readonly { name: string; description?: string | null }[]): Field[] {
  const kind = told.classes.find((one) => one.name === type);
  if (!kind) return [];
  const lists = new Map(told.codeLists.map((list) => [list.name, list]));
  const taken = new Set(inputs.map((one) => one.name));
  const attributes = [...kind.attributes].sort((a, b) => a.order - b.order).map((one): Field => ({
    name: one.name,
    label: one.label,
    help: one.definition,
    group: one.group.zh ? one.group : { zh: "基本信息", en: "Basics" },
    required: one.required,
    many: one.many,
    datatype: one.datatype,
    ...(one.maxLength && { maxLength: one.maxLength }),
    ...(one.codeList && { codes: lists.get(one.codeList) }),
  }));
  const own = new Set(kind.links);
  const links = told.links
    .filter((one) => own.has(one.name) && taken.has(one.field))
    .sort((a, b) => a.order - b.order)
    .map((one): Field => ({
      name: one.field, label: one.label, help: one.definition, group: LINKS, required: one.required, many: one.many,
      datatype: "link", range: one.range, link: one.name,
    }));
  const known = new Set([...attributes, ...links].map((one) => one.name));
  const wholes = inputs.filter((one) => !known.has(one.name)).map(({ name, description }): Field => {
    const [zh = name, en = name] = (description ?? name).split(" / ");
    return { name, label: { zh, en }, help: NONE, group: LINKS, required: false, many: false, datatype: "whole", range: [] };
  });
  return [...attributes, ...links, ...wholes].filter((one) => taken.has(one.name));
}

/** The values with this one; undefined, and what is empty, takes the field away. */
export function withValue(values: Values, name: string, value: Value | undefined): Values {
  const others = Object.entries(values).filter(([known]) => known !== name);
  const empty = value === undefined || value === "" || (Array.isArray(value) && !value.length);
  return Object.fromEntries(empty ? others : [...others, [name, value]]);
}

export const same = (a: Value | undefined, b: Value | undefined): boolean => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));

const sorted = (value: Value | undefined): Value | undefined => (Array.isArray(value) ? [...value].map(String).sort() : value);

/** What the reader changed, as the mutation takes it: null takes away. */
export function inputOf(fields: readonly Field[], base: Values, mine: Values): Record<string, Value | null> {
  const told: Record<string, Value | null> = {};
  for (const { name, many, link } of fields) {
    if (same(base[name], mine[name])) continue;
    const value = mine[name];
    if (value === undefined || (Array.isArray(value) && !value.length)) told[name] = link && many ? [] : null;
    else told[name] = value;
  }
  return told;
}

export interface Clash {
  field: string;
  base: Value | undefined;
  mine: Value | undefined;
  theirs: Value | undefined;
}

export interface Merged {
  values: Values;
  /** Fields that only the other changed: taken over. */
  taken: string[];
  /** Fields that both changed, differently: the reader chooses. */
  clashes: Clash[];
}

/** My form after another's edit of the same resource. In a clash mine stands until chosen. */
export function merge(base: Values, mine: Values, theirs: Values): Merged {
  let values = mine;
  const taken: string[] = [];
  const clashes: Clash[] = [];
  for (const field of new Set([...Object.keys(base), ...Object.keys(mine), ...Object.keys(theirs)])) {
    if (same(base[field], theirs[field]) || same(mine[field], theirs[field])) continue;
    if (same(base[field], mine[field])) {
      taken.push(field);
      values = withValue(values, field, theirs[field]);
    } else {
      clashes.push({ field, base: base[field], mine: mine[field], theirs: theirs[field] });
    }
  }
  return { values, taken, clashes };
}

interface Said {
  attributes: readonly { name: string; after?: Value | null }[];
  linked: readonly { type: string; target: string }[];
}

/** What the ledger says of a resource, as the values of its form. */
export function valuesOf(fields: readonly Field[], said: Said): Values {
  const values: Record<string, Value> = {};
  const known = new Map(said.attributes.map((one) => [one.name, one.after]));
  for (const field of fields) {
    const value = field.link ? said.linked.filter((one) => one.type === field.link).map((one) => one.target) : known.get(field.name);
    if (value === undefined || value === null || (Array.isArray(value) && !value.length)) continue;
    values[field.name] = field.link && !field.many && Array.isArray(value) ? (value[0] as One) : value;
  }
  return values;
}
