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

const MOST = 6;

/** Attributes worth a column: short ones, said by at least one row, neither the row's name
 * nor its place. */
export function columnsOf(rows: readonly Row[], model: Model): AttributeOf[] {
  const kinds = [...new Set(rows.map(({ type }) => type))];
  const known = new Map(
    kinds.flatMap((kind) => model.classes.get(kind)?.attributes ?? []).map((attribute) => [attribute.name, attribute]),
  );
  const weight = ({ name }: AttributeOf) => rows.reduce((sum, { told }) => sum + (told.has(name) ? 1 : 0), 0);
  const place = numbering(rows, model)?.name;
  return [...known.values()]
    .filter(({ name }) => name !== place)
    .filter((attribute) => isShort(attribute, rows) && weight(attribute) > 0)
    .filter((attribute) => rows.length === 1 || !isAllNo(attribute, rows))
    .filter(({ name }) => rows.some(({ told, title }) => told.has(name) && told.get(name) !== title))
    .sort((a, b) => weight(b) - weight(a) || a.order - b.order)
    .slice(0, MOST)
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
