// What is drawn: boxes (datasets, groups, purposes) with rows (columns), and the arrows
// between them. Made of answers alone, so that it can be tested without a browser.
import type { BusinessQuery, ColumnsQuery, HoldersQuery, LineageQuery } from "../../api/generated";
import { type Certainty, surer } from "./certainty";
import { gathered } from "./gathered";

/** Against the other date: there only now, or there only then. */
export type Change = "added" | "vanished";
export type Grouping = "system" | "department";
/** `type` is told of purposes alone. */
export type Edge = LineageQuery["lineage"]["edges"][number] & { type?: string };
type Answered = Pick<LineageQuery["lineage"], "edges" | "nodes">;
type Seen = LineageQuery["lineage"]["nodes"][number];
type Held = HoldersQuery["lineage"]["nodes"][number];

export interface Row {
  id: string;
  name: string;
  title: string;
  /** The column asked about. */
  start: boolean;
}

export interface Box {
  id: string;
  kind: "dataset" | "group" | "purpose";
  type: string;
  title: string;
  /** What stands under the title: database, system. */
  note: string;
  hidden: boolean;
  start: boolean;
  more: boolean;
  depth: number;
  /** How many datasets a group stands for. */
  count: number;
  /** 0: data; 1 entry, 2 matter, 3 scenario. */
  stage: number;
  system?: { id: string; title: string };
  department?: { id: string; title: string };
  change?: Change;
  rows: Row[];
  unfolded: boolean;
}

export interface Arrow {
  id: string;
  from: string;
  to: string;
  fromRow?: string;
  toRow?: string;
  certainty: Certainty;
  purpose: boolean;
  change?: Change;
  /** All that stands behind it. */
  edges: Edge[];
  /** How many pairs of datasets a group's arrow stands for. */
  count: number;
}

export interface Picture {
  boxes: Box[];
  arrows: Arrow[];
  /** How many coarse arrows there are, drawn or not. */
  coarse: number;
  /** What resources are called, also those within groups. */
  titles: ReadonlyMap<string, string>;
}

export interface Asked {
  start: string;
  answer: Answered & { cut: string[] };
  /** The same question at the other date: what is only there is marked vanished. */
  then?: Answered;
  /** What holds the nodes, once it is known. */
  held?: ReadonlyMap<string, Held>;
  columns?: ColumnsQuery["columnLineage"];
  unfolded: ReadonlySet<string>;
  business?: BusinessQuery["businessLineage"];
  group?: Grouping;
  /** Groups that are shown open. */
  opened?: ReadonlySet<string>;
  withCoarse: boolean;
}

const pair = (edge: { origin: string; use: string }) => `${edge.origin}\n${edge.use}`;

export function pictureOf(asked: Asked): Picture {
  const { answer, then } = asked;
  const boxes = new Map<string, Box>();
  const boxOf = new Map<string, string>(); // node or column → its box
  const cut = new Set(answer.cut);
  const present = new Set(answer.nodes.map((node) => node.id));
  for (const node of [...answer.nodes, ...(then?.nodes.filter((n) => !present.has(n.id)) ?? [])]) {
    place(node, asked, boxes, boxOf, cut);
    const box = boxes.get(boxOf.get(node.id) ?? "");
    if (box && then) {
      const before = then.nodes.some((n) => n.id === node.id);
      if (!present.has(node.id)) box.change ??= "vanished";
      else if (!before && !node.whole) box.change = "added";
    }
  }
  const arrows = new Map<string, Arrow>();
  addEdges(arrows, answer.edges, boxOf, boxes, then ? changeFrom(then.edges, "added") : undefined);
  if (then) {
    const now = new Set(answer.edges.map(pair));
    addEdges(arrows, then.edges.filter((edge) => !now.has(pair(edge))), boxOf, boxes, () => "vanished");
  }
  addColumns(asked, boxes, boxOf, arrows);
  addPurposes(asked, boxes, arrows);
  const { kept, coarse } = withoutCoarse([...arrows.values()], asked.withCoarse);
  const picture = { boxes: reached([...boxes.values()], kept, asked), arrows: kept, coarse, titles: titlesOf(boxes, asked.columns) };
  return asked.group ? gathered(picture, asked.group, asked.opened ?? new Set()) : picture;
}

function titlesOf(boxes: ReadonlyMap<string, Box>, columns: Asked["columns"]): Map<string, string> {
  const titles = new Map<string, string>();
  for (const box of boxes.values()) {
    if (!box.hidden) titles.set(box.id, box.title);
    for (const row of box.rows) titles.set(row.id, `${box.title} · ${row.title || row.name}`);
  }
  for (const { id, title, name, dataset } of columns?.columns ?? []) {
    titles.set(id, `${titles.get(dataset) ?? ""} · ${title || name}`);
  }
  return titles;
}

function place(node: Seen, asked: Asked, boxes: Map<string, Box>, boxOf: Map<string, string>, cut: Set<string>) {
  const whole = node.whole;
  const held = asked.held?.get(node.id);
  const id = whole?.id ?? node.id;
  let box = boxes.get(id);
  if (!box) {
    box = {
      id,
      kind: "dataset",
      type: whole?.type ?? node.type,
      title: whole?.title ?? node.title,
      note: [held?.system?.title, held?.database?.title].filter(Boolean).join(" · "),
      hidden: node.hidden,
      start: false,
      more: false,
      depth: node.depth,
      count: 1,
      stage: 0,
      system: held?.system ?? undefined,
      department: held?.department ?? undefined,
      rows: [],
      unfolded: false,
    };
    boxes.set(id, box);
  }
  box.start ||= node.id === asked.start;
  box.more ||= cut.has(node.id);
  box.depth = Math.min(box.depth, node.depth);
  boxOf.set(node.id, id);
  if (whole) {
    box.rows.push({ id: node.id, name: node.id.slice(node.id.lastIndexOf("#") + 1), title: node.title, start: node.id === asked.start });
    box.unfolded = true;
  }
}

function changeFrom(then: readonly Edge[], change: Change) {
  const known = new Set(then.map(pair));
  return (edge: Edge) => (known.has(pair(edge)) ? undefined : change);
}

function addEdges(
  arrows: Map<string, Arrow>,
  edges: readonly Edge[],
  boxOf: ReadonlyMap<string, string>,
  boxes: ReadonlyMap<string, Box>,
  changeOf: (edge: Edge) => Change | undefined = () => undefined,
) {
  for (const edge of edges) {
    const from = boxOf.get(edge.origin);
    const to = boxOf.get(edge.use);
    if (!from || !to || from === to || !boxes.has(from) || !boxes.has(to)) continue;
    const fromRow = from === edge.origin ? undefined : edge.origin;
    const toRow = to === edge.use ? undefined : edge.use;
    const id = `${edge.origin}→${edge.use}`;
    const known = arrows.get(id);
    if (known) {
      known.edges.push(edge);
      known.certainty = surer(known.certainty, edge.certainty);
    } else {
      const change = changeOf(edge);
      arrows.set(id, {
        id, from, to, fromRow, toRow, certainty: edge.certainty, purpose: false, edges: [edge], count: 1,
        ...(change && { change }),
      });
    }
  }
}

/** Columns of unfolded boxes; an arrow of the datasets gives way to those of their columns. */
function addColumns(asked: Asked, boxes: Map<string, Box>, boxOf: Map<string, string>, arrows: Map<string, Arrow>) {
  if (!asked.columns) return;
  const rowBox = new Map<string, string>();
  for (const column of asked.columns.columns) {
    const box = boxes.get(column.dataset);
    if (!box) continue;
    boxOf.set(column.id, column.dataset);
    if (!asked.unfolded.has(column.dataset)) continue;
    rowBox.set(column.id, column.dataset);
    box.unfolded = true;
    if (!box.rows.some((row) => row.id === column.id)) {
      box.rows.push({ id: column.id, name: column.name, title: column.title, start: false });
    }
  }
  const detailed = new Set<string>();
  for (const edge of asked.columns.edges) {
    const from = boxOf.get(edge.origin);
    const to = boxOf.get(edge.use);
    if (!from || !to || from === to) continue;
    const fromRow = rowBox.has(edge.origin) ? edge.origin : undefined;
    const toRow = rowBox.has(edge.use) ? edge.use : undefined;
    if (!fromRow && !toRow) continue;
    detailed.add(`${from}→${to}`);
    const id = `${fromRow ?? from}→${toRow ?? to}`;
    const known = arrows.get(id);
    if (known && known.id !== `${from}→${to}`) {
      known.edges.push(edge);
      known.certainty = surer(known.certainty, edge.certainty);
    } else {
      arrows.set(id, {
        id, from, to, fromRow, toRow, certainty: edge.certainty, purpose: false, edges: [edge], count: 1,
      });
    }
  }
  for (const id of detailed) {
    const arrow = arrows.get(id);
    if (arrow && !arrow.fromRow && !arrow.toRow && !arrow.change) arrows.delete(id);
  }
}

function addPurposes(asked: Asked, boxes: Map<string, Box>, arrows: Map<string, Arrow>) {
  for (const node of asked.business?.nodes ?? []) {
    boxes.set(node.id, {
      id: node.id, kind: "purpose", type: node.type, title: node.title, note: "", hidden: false, start: false,
      more: false, depth: 0, count: 1, stage: node.stage, rows: [], unfolded: false,
    });
  }
  for (const edge of asked.business?.edges ?? []) {
    if (!boxes.has(edge.origin) || !boxes.has(edge.target)) continue;
    const id = `${edge.origin}→${edge.target}`;
    arrows.set(id, {
      id, from: edge.origin, to: edge.target, certainty: "EXACT", purpose: true, count: 1,
      edges: [{ origin: edge.origin, use: edge.target, type: edge.type, brought: false, certainty: "EXACT" }],
    });
  }
}

function withoutCoarse(arrows: Arrow[], withCoarse: boolean): { kept: Arrow[]; coarse: number } {
  const kept = withCoarse ? arrows : arrows.filter((arrow) => arrow.certainty !== "COARSE" || arrow.change);
  return { kept, coarse: arrows.filter((arrow) => arrow.certainty === "COARSE").length };
}

/** Boxes that only coarse arrows lead to go with them; purposes of what is left stay. */
function reached(boxes: Box[], arrows: readonly Arrow[], asked: Asked): Box[] {
  if (asked.withCoarse) return boxes;
  const near = new Map<string, string[]>();
  for (const { from, to } of arrows) {
    near.set(from, [...(near.get(from) ?? []), to]);
    near.set(to, [...(near.get(to) ?? []), from]);
  }
  const seen = new Set(boxes.filter((box) => box.start).map((box) => box.id));
  const queue = [...seen];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    for (const other of near.get(id) ?? []) {
      if (!seen.has(other)) {
        seen.add(other);
        queue.push(other);
      }
    }
  }
  return boxes.filter((box) => seen.has(box.id));
}
