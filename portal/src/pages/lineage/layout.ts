// Where each box stands: data in layers from left (origin) to right (use), purposes in a lane
// of their own below. Up to LAYERED boxes ELK lays them out, in a worker; beyond that, a plain
// layering of ours, which takes milliseconds.
import type { ELK as Engine, ElkNode } from "elkjs/lib/elk-api";
import type { Arrow, Box, Picture } from "./picture";
import { GAP_X, heightOf, WIDTH } from "./sizes";

export interface Place {
  x: number;
  y: number;
}
export interface Laid {
  places: ReadonlyMap<string, Place>;
  /** Top of the second lane; undefined where there is none. */
  lane?: number;
  width: number;
  height: number;
}

export const LAYERED = 250;
const GAP_Y = 18;
const LANE = 70;

export async function layOut(picture: Picture): Promise<Laid> {
  const data = dataOf(picture);
  if (data.length > LAYERED) return layOutPlainly(picture);
  return withPurposes(picture, await byEngine(data, flowOf(picture)));
}

export const layOutPlainly = (picture: Picture): Laid =>
  withPurposes(picture, layered(dataOf(picture), flowOf(picture)));

const dataOf = (picture: Picture) => picture.boxes.filter((box) => box.stage === 0);
const flowOf = (picture: Picture) => picture.arrows.filter((arrow) => !arrow.purpose);

let engine: Promise<Engine> | undefined;

/** Its worker starts while the question is answered. */
export const loadEngine = (): Promise<Engine> =>
  (engine ??= loaded().catch((error: unknown) => {
    engine = undefined;
    throw error;
  }));

async function loaded(): Promise<Engine> {
  const [{ default: ELK }, { default: worker }] = await Promise.all([
    import("elkjs/lib/elk-api"),
    import("elkjs/lib/elk-worker.min.js?url"),
  ]);
  return new ELK({ workerFactory: () => new Worker(worker) });
}

let last: { key: string; places: Promise<Map<string, Place>> } | undefined;

/** What only has other words, or purposes beside it, stands as it stood: the engine is not asked again. */
async function byEngine(boxes: readonly Box[], arrows: readonly Arrow[]): Promise<Map<string, Place>> {
  const pairs = [...new Map(arrows.map((arrow) => [`${arrow.from}→${arrow.to}`, arrow])).values()];
  const sizes = boxes.map((box) => ({ id: box.id, width: WIDTH, height: heightOf(box) }));
  const key = JSON.stringify([sizes, pairs.map(({ from, to }) => [from, to])]);
  if (last?.key !== key) last = { key, places: asked(sizes, pairs) };
  try {
    return new Map(await last.places);
  } catch (error) {
    last = undefined;
    throw error;
  }
}

async function asked(sizes: readonly ElkNode[], pairs: readonly Arrow[]): Promise<Map<string, Place>> {
  const told: ElkNode = await (await loadEngine()).layout({
    id: "root",
    layoutOptions: {
      "elk.algorithm": "layered",
      "elk.direction": "RIGHT",
      "elk.layered.spacing.nodeNodeBetweenLayers": `${GAP_X}`,
      "elk.spacing.nodeNode": `${GAP_Y}`,
      "elk.layered.spacing.edgeNodeBetweenLayers": "20",
      "elk.edgeRouting": "POLYLINE",
      "elk.layered.nodePlacement.strategy": "NETWORK_SIMPLEX",
    },
    children: sizes.map((size) => ({ ...size })), // the engine writes into them
    edges: pairs.map((arrow, i) => ({ id: `e${i}`, sources: [arrow.from], targets: [arrow.to] })),
  });
  return new Map(told.children?.map((child) => [child.id, { x: child.x ?? 0, y: child.y ?? 0 }]));
}

/** Layers by longest way, without the arrows that close circles; within a layer each box near
 * the middle of its neighbours. */
export function layered(boxes: readonly Box[], arrows: readonly Arrow[]): Map<string, Place> {
  const layer = layersOf(boxes, arrows);
  const columns: Box[][] = [];
  for (const box of boxes) (columns[layer.get(box.id) ?? 0] ??= []).push(box);
  const { before, after } = neighbours(arrows);
  const rank = new Map<string, number>();
  const ranked = () => columns.forEach((column) => column?.forEach((box, i) => rank.set(box.id, i / column.length)));
  ranked();
  for (let sweep = 0; sweep < 6; sweep++) {
    const near = sweep % 2 ? after : before;
    const order = sweep % 2 ? [...columns].reverse() : columns;
    for (const column of order) {
      const middle = new Map(column?.map((box) => [box.id, middleOf(near.get(box.id), rank) ?? rank.get(box.id) ?? 0]));
      column?.sort((a, b) => (middle.get(a.id) ?? 0) - (middle.get(b.id) ?? 0));
      column?.forEach((box, i) => rank.set(box.id, i / column.length));
    }
  }
  const heights = columns.map((column) => column.reduce((sum, box) => sum + heightOf(box) + GAP_Y, 0));
  const tallest = Math.max(...heights, 0);
  const places = new Map<string, Place>();
  columns.forEach((column, i) => {
    let y = (tallest - (heights[i] ?? 0)) / 2;
    for (const box of column ?? []) {
      places.set(box.id, { x: i * (WIDTH + GAP_X), y });
      y += heightOf(box) + GAP_Y;
    }
  });
  return places;
}

function neighbours(arrows: readonly Arrow[]) {
  const before = new Map<string, string[]>();
  const after = new Map<string, string[]>();
  const add = (map: Map<string, string[]>, key: string, value: string) => {
    const known = map.get(key);
    if (known) known.push(value);
    else map.set(key, [value]);
  };
  for (const { from, to } of arrows) {
    add(before, to, from);
    add(after, from, to);
  }
  return { before, after };
}

const middleOf = (ids: readonly string[] | undefined, rank: ReadonlyMap<string, number>): number | undefined =>
  ids?.length ? ids.reduce((sum, id) => sum + (rank.get(id) ?? 0), 0) / ids.length : undefined;

function layersOf(boxes: readonly Box[], arrows: readonly Arrow[]): Map<string, number> {
  const { after } = neighbours(arrows);
  const state = new Map<string, "open" | "done">();
  const order: string[] = [];
  const closing = new Set<string>();
  for (const { id } of boxes) {
    const stack: { id: string; next: number }[] = state.has(id) ? [] : [{ id, next: 0 }];
    while (stack.length) {
      const top = stack[stack.length - 1] as { id: string; next: number };
      state.set(top.id, "open");
      const child = after.get(top.id)?.[top.next++];
      if (child === undefined) {
        state.set(top.id, "done");
        order.push(top.id);
        stack.pop();
      } else if (state.get(child) === "open") {
        closing.add(`${top.id}→${child}`);
      } else if (!state.has(child)) {
        stack.push({ id: child, next: 0 });
      }
    }
  }
  const layer = new Map<string, number>();
  for (const id of order.reverse()) {
    const here = layer.get(id) ?? 0;
    layer.set(id, here);
    for (const child of after.get(id) ?? []) {
      if (!closing.has(`${id}→${child}`)) layer.set(child, Math.max(layer.get(child) ?? 0, here + 1));
    }
  }
  return layer;
}

/** The second lane: entries, matters and scenarios below the data, each near what it serves. */
function withPurposes(picture: Picture, places: Map<string, Place>): Laid {
  const data = dataOf(picture);
  const bottom = Math.max(0, ...data.map((box) => (places.get(box.id)?.y ?? 0) + heightOf(box)));
  const purposes = picture.boxes.filter((box) => box.stage > 0);
  const { before } = neighbours(picture.arrows.filter((arrow) => arrow.purpose));
  const lane = purposes.length ? bottom + LANE : undefined;
  const left = Math.min(...data.map((box) => places.get(box.id)?.x ?? 0), Number.POSITIVE_INFINITY);
  const rank = new Map<string, number>();
  data.forEach((box) => rank.set(box.id, (places.get(box.id)?.y ?? 0) + (places.get(box.id)?.x ?? 0) / 1e4));
  for (const stage of [1, 2, 3]) {
    const column = purposes.filter((box) => box.stage === stage);
    const middle = new Map(column.map((box) => [box.id, middleOf(before.get(box.id), rank) ?? 0]));
    column.sort((a, b) => (middle.get(a.id) ?? 0) - (middle.get(b.id) ?? 0));
    column.forEach((box, i) => {
      rank.set(box.id, i);
      const x = (Number.isFinite(left) ? left : 0) + (stage - 1) * (WIDTH + GAP_X);
      places.set(box.id, { x, y: (lane ?? 0) + 40 + i * (heightOf(box) + GAP_Y) });
    });
  }
  const ends = picture.boxes.map((box) => ({ at: places.get(box.id) ?? { x: 0, y: 0 }, box }));
  return {
    places,
    lane,
    width: Math.max(0, ...ends.map(({ at }) => at.x + WIDTH)),
    height: Math.max(0, ...ends.map(({ at, box }) => at.y + heightOf(box))),
  };
}
