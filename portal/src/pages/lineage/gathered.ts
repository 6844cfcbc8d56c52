// A picture of many datasets, gathered by the systems or departments that hold them.
import { surer } from "./certainty";
import type { Arrow, Box, Grouping, Picture } from "./picture";

/** Beyond so many boxes a picture is grouped by system, and says so. */
export const MANY_BOXES = 1_000;

/** Datasets of one system (or department) as one box, unless it was opened. */
export function gathered(picture: Picture, by: Grouping, opened: ReadonlySet<string>): Picture {
  const groupOf = new Map<string, string>();
  const boxes = new Map<string, Box>();
  const titles = new Map(picture.titles);
  for (const box of picture.boxes) {
    const holder = box.kind === "dataset" ? box[by] : undefined;
    const id = holder && `group:${holder.id}`;
    if (!holder || !id || opened.has(id)) {
      groupOf.set(box.id, box.id);
      boxes.set(box.id, box);
      continue;
    }
    groupOf.set(box.id, id);
    const group = boxes.get(id);
    if (group) {
      group.count += 1;
      group.start ||= box.start;
      group.more ||= box.more;
      group.depth = Math.min(group.depth, box.depth);
    } else {
      boxes.set(id, {
        ...box, id, kind: "group", type: by === "system" ? "System" : "Department", title: holder.title, note: "",
        rows: [], unfolded: false, change: undefined,
      });
    }
  }
  const arrows = new Map<string, Arrow>();
  for (const arrow of picture.arrows) {
    const from = groupOf.get(arrow.from) ?? arrow.from;
    const to = groupOf.get(arrow.to) ?? arrow.to;
    if (from === to) continue;
    const own = from === arrow.from && to === arrow.to;
    const id = own ? arrow.id : `${from}→${to}`;
    const known = arrows.get(id);
    if (known) {
      known.count += 1;
      known.certainty = surer(known.certainty, arrow.certainty);
      known.edges = [...known.edges, ...arrow.edges];
      if (known.change !== arrow.change) known.change = undefined;
    } else {
      arrows.set(id, {
        ...arrow, id, from, to,
        fromRow: from === arrow.from ? arrow.fromRow : undefined,
        toRow: to === arrow.to ? arrow.toRow : undefined,
      });
    }
  }
  for (const { id, title, kind } of boxes.values()) if (kind === "group") titles.set(id, title);
  return { ...picture, boxes: [...boxes.values()], arrows: [...arrows.values()], titles };
}
