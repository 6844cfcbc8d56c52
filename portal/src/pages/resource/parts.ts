// Which columns a table of parts has: those attributes that its rows have and that tell one
// row from another, in the model's order. Nothing here knows a class by name.
import type { PartsQuery } from "../../api/generated";
import type { AttributeOf, Model } from "../../api/model";
import type { Told } from "../../parts/Value";

export type Edge = NonNullable<PartsQuery["resource"]>["links"]["edges"][number];
type Node = NonNullable<Edge["node"]>;

export interface Row {
  id: string;
  title: string;
  type: string;
  told: ReadonlyMap<string, Told>;
  element?: { id: string; title: string };
  domain?: { id: string; title: string };
}

/** Links of a row that have a column of their own. */
export const ENDS = ["element", "domain"] as const;

export function rowsOf(edges: readonly Edge[]): Row[] {
  return edges.flatMap(({ node }) => (node ? [rowOf(node)] : []));
}

/** The attribute that numbers the rows, where each has a number of its own. */
function numbering(rows: readonly Row[], model: Model): AttributeOf | undefined {
  if (rows.length < 2) return undefined;
  const kind = model.classes.get(rows[0]?.type ?? "");
  return kind?.attributes.find(({ name, datatype }) => {
    if (datatype !== "integer") return false;
    const numbers = new Set(rows.map(({ told }) => told.get(name) ?? null));
    return numbers.size === rows.length && !numbers.has(null);
  });
}

/** In the order that their own numbers give. */
export function inOrder(rows: readonly Row[], model: Model): Row[] {
  const own = numbering(rows, model);
  if (!own) return [...rows];
  return [...rows].sort((a, b) => Number(a.told.get(own.name)) - Number(b.told.get(own.name)));
}

function rowOf(node: Node): Row {
  const ends = node as { element?: { nodes: Row["element"][] }; domain?: { nodes: Row["domain"][] } };
  return {
    id: node.id,
    title: node.title,
    type: node.type,
    told: new Map(node.attributes.map(({ name, value }) => [name, value])),
    element: ends.element?.nodes[0],
    domain: ends.domain?.nodes[0],
  };
}

/** Columns that fit beside each other, the rows' names and links among them. */
const MOST = 7;
/** Of fewer rows each says all of its own. */
const MANY = 4;

/** What all rows say alike: told once, above them, rather than in a column each. */
export function sharedBy(rows: readonly Row[], model: Model): { attribute: AttributeOf; value: Told }[] {
  if (rows.length < MANY) return [];
  return known(rows, model).flatMap((attribute) => {
    const values = new Set(rows.map(({ told }) => told.get(attribute.name)).map((value) => (Array.isArray(value) ? JSON.stringify(value) : value)));
    const value = rows[0]?.told.get(attribute.name);
    return values.size === 1 && value !== undefined && value !== false ? [{ attribute, value }] : [];
  });
}

/** The attributes that the rows may have and that are short, in the model's order. */
function known(rows: readonly Row[], model: Model): AttributeOf[] {
  const kinds = [...new Set(rows.map(({ type }) => type))];
  const all = new Map(kinds.flatMap((kind) => model.classes.get(kind)?.attributes ?? []).map((attribute) => [attribute.name, attribute]));
  return [...all.values()].filter((attribute) => isShort(attribute, rows)).sort((a, b) => a.order - b.order);
}

/** Attributes worth a column: short ones, said by at least one row, neither the row's name
 * nor its place. */
export function columnsOf(rows: readonly Row[], model: Model): AttributeOf[] {
  const shared = new Set(sharedBy(rows, model).map(({ attribute }) => attribute.name));
  const weight = ({ name }: AttributeOf) => rows.reduce((sum, { told }) => sum + (told.has(name) ? 1 : 0), 0);
  const place = numbering(rows, model)?.name;
  return known(rows, model)
    .filter(({ name }) => name !== place && !shared.has(name))
    .filter((attribute) => weight(attribute) > 0)
    .filter((attribute) => rows.length === 1 || !isAllNo(attribute, rows))
    .filter(({ name }) => rows.some(({ told, title }) => told.has(name) && told.get(name) !== title))
    .sort((a, b) => weight(b) - weight(a) || a.order - b.order)
    .slice(0, MOST - 1 - ENDS.filter((end) => rows.some((row) => row[end])).length)
    .sort((a, b) => a.order - b.order);
}

const isShort = ({ name, datatype }: AttributeOf, rows: readonly Row[]) =>
  datatype !== "anyURI" && rows.every(({ told }) => String(told.get(name) ?? "").length <= 40);

/** A column of nothing but "no" only costs width. */
const isAllNo = ({ name, datatype }: AttributeOf, rows: readonly Row[]) =>
  datatype === "boolean" && rows.every(({ told }) => told.get(name) !== true);

/** Whether any of a row's words holds what was typed. */
export function matches(row: Row, typed: string): boolean {
  const wanted = typed.trim().toLowerCase();
  const texts = [row.title, row.element?.title, row.domain?.title, ...row.told.values()];
  return texts.some((text) => text !== undefined && String(text).toLowerCase().includes(wanted));
}
