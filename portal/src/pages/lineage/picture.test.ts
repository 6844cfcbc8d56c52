import { describe, expect, it } from "vitest";
import { curvesOf, nearest } from "./curve";
import { layered, layOutPlainly } from "./layout";
import { type Asked, type Box, type Edge, pictureOf } from "./picture";
import { heightOf, portOf } from "./sizes";
import { mermaidOf, short, svgOf } from "./saved";
import { readAddress, writeAddress } from "./state";
import { keeping, overview, workedOn } from "./view";

const node = (id: string, more: Partial<Asked["answer"]["nodes"][number]> = {}) =>
  ({ id, type: "Table", title: id, depth: 0, hidden: false, whole: null, ...more });
const edge = (origin: string, use: string, certainty: Edge["certainty"] = "EXACT"): Edge => ({
  origin, use, brought: false, certainty,
});
const asked = (nodes: ReturnType<typeof node>[], edges: Edge[], more: Partial<Asked> = {}): Asked => ({
  start: nodes[0]?.id ?? "", answer: { nodes, edges, cut: [] }, unfolded: new Set(), withCoarse: false, ...more,
});

describe("a picture", () => {
  it("leaves out what only coarse links lead to, and counts them", () => {
    const told = asked([node("a"), node("b"), node("c")], [edge("a", "b"), edge("b", "c", "COARSE")]);
    const few = pictureOf(told);
    expect(few.boxes.map((box) => box.id)).toEqual(["a", "b"]);
    expect(few.coarse).toBe(1);
    expect(pictureOf({ ...told, withCoarse: true }).arrows).toHaveLength(2);
  });

  it("puts fields into the boxes of their datasets", () => {
    const whole = { id: "d", type: "Table", title: "D" };
    const { boxes, arrows } = pictureOf(asked([node("d#x", { whole }), node("e#y", { whole: { ...whole, id: "e" } })], [edge("d#x", "e#y")]));
    expect(boxes.map((box) => [box.id, box.rows.map((row) => row.id)])).toEqual([["d", ["d#x"]], ["e", ["e#y"]]]);
    expect(arrows[0]).toMatchObject({ from: "d", to: "e", fromRow: "d#x", toRow: "e#y" });
  });

  it("marks what came and what went between two dates", () => {
    const then = { nodes: [node("a"), node("old")], edges: [edge("old", "a")] };
    const { boxes, arrows } = pictureOf(asked([node("a"), node("new")], [edge("new", "a")], { then }));
    expect(Object.fromEntries(boxes.map((box) => [box.id, box.change]))).toEqual({ a: undefined, new: "added", old: "vanished" });
    expect(arrows.map((arrow) => arrow.change).sort()).toEqual(["added", "vanished"]);
  });

  it("draws the columns of an unfolded dataset in place of its own link", () => {
    const columns = {
      complete: true, hidden: 0,
      columns: [{ id: "b#x", type: "Field", title: "甲", name: "x", dataset: "b" }, { id: "a#x", type: "Field", title: "甲", name: "x", dataset: "a" }],
      edges: [edge("a#x", "b#x", "INDIRECT")],
    };
    const { arrows } = pictureOf(asked([node("a"), node("b")], [edge("a", "b")], { columns, unfolded: new Set(["b"]) }));
    expect(arrows).toHaveLength(1);
    expect(arrows[0]).toMatchObject({ from: "a", to: "b", toRow: "b#x", certainty: "INDIRECT" });
  });

  it("gathers datasets of one system, unless it was opened", () => {
    const system = { id: "s", title: "数仓" };
    const held = new Map(["b", "c"].map((id) => [id, { id, system, database: null, department: null }]));
    const told = asked([node("a"), node("b"), node("c")], [edge("a", "b"), edge("a", "c", "INDIRECT")], { group: "system", held });
    const { boxes, arrows } = pictureOf(told);
    expect(boxes.map((box) => [box.id, box.count])).toEqual([["a", 1], ["group:s", 2]]);
    expect(arrows).toMatchObject([{ to: "group:s", certainty: "EXACT", count: 2 }]);
    expect(pictureOf({ ...told, opened: new Set(["group:s"]) }).boxes).toHaveLength(3);
  });
});

describe("the plain layout", () => {
  it("goes from origin to use, through circles too, without overlaps", () => {
    const { boxes, arrows } = pictureOf(asked(["a", "b", "c"].map((id) => node(id)), [edge("a", "b"), edge("b", "c"), edge("c", "a")]));
    const places = layered(boxes, arrows);
    expect(places.size).toBe(3);
    expect(new Set([...places.values()].map(({ x, y }) => `${x},${y}`)).size).toBe(3);
    expect(places.get("a")?.x).toBeLessThan(places.get("b")?.x ?? 0);
  });

  it("puts purposes in a lane below the data", () => {
    const business = { complete: true, nodes: [{ id: "m", type: "Matter", title: "婚登", stage: 2 }], edges: [{ origin: "a", target: "m", type: "producedBy" }] };
    const picture = pictureOf(asked([node("a")], [], { business }));
    const laid = layOutPlainly(picture);
    expect(laid.places.get("m")?.y).toBeGreaterThan(laid.lane ?? Number.POSITIVE_INFINITY);
  });

  it("finds the arrow under the hand", () => {
    const picture = pictureOf(asked([node("a"), node("b")], [edge("a", "b")]));
    const laid = layOutPlainly(picture);
    const curves = curvesOf(picture.boxes, picture.arrows, laid);
    const [x = 0, y = 0] = curves[0]?.points ?? [];
    expect(nearest(curves, x + 10, y, 6)?.arrow.id).toBe("a→b");
    expect(nearest(curves, x, y + 400, 6)).toBeUndefined();
  });
});

describe("a picture as a file", () => {
  it("is text that no name breaks out of", () => {
    const picture = pictureOf(asked([node("a", { title: '<script>"&' }), node("b", { title: 'x"]; click' })], [edge("a", "b")]));
    const svg = svgOf(picture, layOutPlainly(picture), () => "#000", "<title>");
    expect(svg).not.toContain("<script");
    expect(mermaidOf(picture)).toContain('n1["x#34;]#59; click"]');
  });

  it("shortens by width", () => {
    expect(short("人口基本信息表", 8)).toBe("人口基本…");
    expect(short("abc", 8)).toBe("abc");
  });
});

describe("the address", () => {
  it("holds the whole state", () => {
    const text = "id=a&dir=up&depth=all&group=system&open=x&open=y&in=group%3As&coarse=1&lane=1&at=2024-01-01&compare=no&find=q&as=list&edge=e&node=n";
    expect(writeAddress(readAddress(new URLSearchParams(text))).toString()).toBe(text);
  });
});

it("an arrow ends at its row", () => {
  const whole = { id: "d", type: "Table", title: "D" };
  const [box] = pictureOf(asked([node("d#x", { whole }), node("d#y", { whole })], [])).boxes;
  if (!box) throw new Error("a box");
  expect(portOf(box, "d#y") - portOf(box, "d#x")).toBe(24);
  expect(portOf(box, "d#y")).toBeLessThan(heightOf(box));
});

describe("the window", () => {
  const column = (dataset: string) => ({ id: `${dataset}#x`, type: "Field", title: "甲", name: "x", dataset });
  const columns = { complete: true, hidden: 0, columns: [column("a"), column("b")], edges: [edge("a#x", "b#x")] };
  const told = asked([node("a"), node("b")], [edge("a", "b")]);
  const folded = pictureOf(told);
  const open = pictureOf({ ...told, columns, unfolded: new Set(["b"]) });

  it("shows a small picture whole", () => {
    const laid = layOutPlainly(folded);
    const { x, y, zoom } = overview({ picture: folded, laid }, folded.boxes[0] as Box, 1200, 600);
    expect([zoom, x * 2 + laid.width, y * 2 + laid.height]).toEqual([1, 1200, 600]);
  });

  it("leaves no part of a phone empty that a large picture could fill, wherever its start is", () => {
    const at = (x: number, y: number) => {
      const places = new Map([["a", { x: 0, y: 0 }], ["b", { x, y }], ["c", { x, y: 1_948 }], ["d", { x: 2_776, y: 0 }]]);
      const boxes = [...places.keys()].map((id) => ({ ...(folded.boxes[0] as Box), id }));
      const [, start] = boxes;
      const view = overview({ picture: { ...folded, boxes, arrows: [] }, laid: { places, width: 3_000, height: 2_000 } }, start as Box, 366, 500);
      return { left: view.x, top: Math.round(view.y), right: Math.round(366 - view.x - 3_000 * view.zoom), bottom: Math.round(500 - view.y - 2_000 * view.zoom) };
    };
    expect(at(0, 0)).toMatchObject({ left: 30, top: 30 });
    expect(at(2_776, 1_948)).toMatchObject({ right: 30, bottom: 30 });
    expect(Math.max(...Object.values(at(1_400, 1_200)))).toBeLessThan(0);
    expect(at(1_400, 1_700).top).toBe(-1_039); // 30 above what its columns have (1,700 at this scale), whatever others have
  });

  it("shows a start on a phone beside what it leads to", () => {
    const places = new Map([["a", { x: 800, y: 0 }], ["b", { x: 1_134, y: 0 }]]);
    const { x, zoom } = overview({ picture: folded, laid: { places, width: 3_000, height: 2_000 } }, folded.boxes[0] as Box, 366, 500);
    expect(x + 800 * zoom).toBeGreaterThan(0);
    expect(x + (1_134 + 224) * zoom).toBeLessThan(366);
  });

  it("moves around the box that was unfolded", () => {
    expect(workedOn(folded, folded)).toBeUndefined();
    expect(workedOn(folded, open)?.id).toBe("b");
    const laid = (x: number, y: number) => ({ places: new Map([["b", { x, y }]]), width: 1, height: 1 });
    expect(keeping("b", laid(100, 100), laid(900, 500), { x: 10, y: 20, zoom: 0.5 })).toEqual({ x: -390, y: -180, zoom: 0.5 });
    expect(keeping("a", laid(0, 0), laid(0, 0), { x: 0, y: 0, zoom: 1 })).toBeUndefined();
  });
});
