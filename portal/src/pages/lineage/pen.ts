// How the picture is painted onto a bitmap.
import type { Curve } from "./curve";
import type { Laid } from "./layout";
import type { Box } from "./picture";
import { heightOf, WIDTH } from "./sizes";
import { dashOf, short, strokeOf } from "./saved";

export interface Marked {
  /** The arrow chosen. */
  arrow?: string;
  /** The box whose arrows stand out. */
  box?: string;
  /** Boxes found by the search; empty: none was asked for. */
  found: ReadonlySet<string>;
}

export interface Scene {
  curves: readonly Curve[];
  laid: Laid;
  /** Boxes to paint: those too small for elements. */
  boxes: readonly Box[];
}

export interface View {
  x: number;
  y: number;
  zoom: number;
  width: number;
  height: number;
  /** How much of a size to paint beyond each edge. */
  margin: (size: number) => number;
}

export interface Manner {
  marked: Marked;
  colour: (name: string) => string;
  /** With dashes, however many: they cost ten times a plain line. */
  fine: boolean;
}

/** So many lines are dashed even in motion. */
const FEW = 150;
/** Below this scale dashes cannot be told apart; lines are paler instead. */
const DASHES = 0.4;
const HEADS = 0.3;
/** Below this scale boxes carry no words. */
const WORDS = 0.12;

/** Paint what can be seen; true if nothing was left out for speed. */
export function paint(canvas: HTMLCanvasElement, scene: Scene, view: View, manner: Manner): boolean {
  const { x, y, zoom, width, height, margin } = view;
  const sharp = Math.min(window.devicePixelRatio, 2);
  const size = [width + 2 * margin(width), height + 2 * margin(height)] as const;
  canvas.width = size[0] * sharp;
  canvas.height = size[1] * sharp;
  canvas.style.width = `${size[0]}px`;
  canvas.style.height = `${size[1]}px`;
  const pen = canvas.getContext("2d");
  if (!pen) return true;
  const [tx, ty] = [x + margin(width), y + margin(height)];
  pen.setTransform(sharp * zoom, 0, 0, sharp * zoom, sharp * tx, sharp * ty);
  const seen: Seen = { left: -tx / zoom, top: -ty / zoom, right: (size[0] - tx) / zoom, bottom: (size[1] - ty) / zoom };
  const curves = scene.curves.filter((c) => c.right >= seen.left && c.left <= seen.right && c.bottom >= seen.top && c.top <= seen.bottom);
  const wanted = zoom >= DASHES;
  const dashed = wanted && (manner.fine || curves.length <= FEW);
  arrows(pen, curves, zoom, dashed, manner);
  boxes(pen, scene, seen, zoom, manner);
  return dashed || !wanted;
}

interface Seen {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

function arrows(pen: CanvasRenderingContext2D, curves: readonly Curve[], zoom: number, dashed: boolean, { marked, colour }: Manner) {
  for (const { stroke, dash, weight, pale, members } of alike(curves, marked)) {
    pen.strokeStyle = pen.fillStyle = colour(stroke);
    pen.lineWidth = weight / Math.max(zoom, 0.35);
    pen.globalAlpha = (pale ? 0.28 : 1) * (dash.length && !dashed ? 0.5 : 1);
    pen.setLineDash(dashed ? dash : []);
    pen.beginPath();
    for (const { points: p } of members) {
      pen.moveTo(p[0], p[1]);
      pen.bezierCurveTo(p[2], p[3], p[4], p[5], p[6], p[7]);
    }
    pen.stroke();
    if (zoom > HEADS) heads(pen, members);
  }
  pen.globalAlpha = 1;
  pen.setLineDash([]);
}

interface Sort {
  stroke: string;
  dash: number[];
  weight: number;
  pale: boolean;
  members: Curve[];
}

/** Arrows that are drawn alike go in one stroke; the marked ones last, so they lie on top. */
function alike(curves: readonly Curve[], marked: Marked): Sort[] {
  const sorts = new Map<string, Sort>();
  const someMarked = marked.arrow !== undefined || marked.box !== undefined;
  for (const one of curves) {
    const { arrow } = one;
    const chosen = arrow.id === marked.arrow;
    const near = marked.box !== undefined && (arrow.from === marked.box || arrow.to === marked.box);
    const sort = {
      stroke: strokeOf(arrow),
      dash: dashOf(arrow),
      weight: chosen ? 3 : near ? 2 : 1.4,
      pale: someMarked && !chosen && !near,
    };
    const key = `${sort.stroke}|${sort.dash.join()}|${sort.weight}|${sort.pale}`;
    const known = sorts.get(key);
    if (known) known.members.push(one);
    else sorts.set(key, { ...sort, members: [one] });
  }
  return [...sorts.values()].sort((a, b) => Number(b.pale) - Number(a.pale) || a.weight - b.weight);
}

function heads(pen: CanvasRenderingContext2D, curves: readonly Curve[]) {
  pen.beginPath();
  for (const { points: p } of curves) {
    const [x, y] = [p[6], p[7]];
    pen.moveTo(x, y);
    pen.lineTo(x - 8, y - 4);
    pen.lineTo(x - 8, y + 4);
    pen.closePath();
  }
  pen.fill();
}

function boxes(pen: CanvasRenderingContext2D, scene: Scene, seen: Seen, zoom: number, { marked, colour }: Manner) {
  const words = zoom > WORDS;
  pen.font = `600 ${Math.min(13 / (zoom * 1.6), 26)}px sans-serif`;
  pen.textBaseline = "middle";
  for (const box of scene.boxes) {
    const place = scene.laid.places.get(box.id);
    const height = heightOf(box);
    if (!place || place.x + WIDTH < seen.left || place.x > seen.right || place.y + height < seen.top || place.y > seen.bottom) continue;
    const strong = box.start || box.id === marked.box;
    pen.globalAlpha = marked.found.size && !marked.found.has(box.id) ? 0.35 : 1;
    pen.fillStyle = colour(marked.found.has(box.id) ? "--mark" : fillOf(box));
    pen.strokeStyle = colour(box.change === "added" ? "--good" : box.change === "vanished" ? "--bad" : strong ? "--accent" : "--soft");
    pen.lineWidth = (strong ? 2.5 : 1) / zoom;
    pen.fillRect(place.x, place.y, WIDTH, height);
    pen.strokeRect(place.x, place.y, WIDTH, height);
    if (!words) continue;
    pen.fillStyle = colour("--ink");
    pen.fillText(short(box.title, Math.floor(zoom * 64)), place.x + 8, place.y + 26, WIDTH - 16);
  }
  pen.globalAlpha = 1;
}

const fillOf = (box: Box): string => (box.kind === "purpose" ? "--warn-soft" : box.kind === "group" ? "--raised" : "--paper");
