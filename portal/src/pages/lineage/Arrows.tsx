// All arrows on one canvas behind the boxes. It is drawn again whenever the window over the
// picture moves, and only what can be seen: thousands of lines cost a few milliseconds, where
// as many SVG elements would make every move heavy.
import { useStoreApi } from "@xyflow/react";
import { useEffect, useRef } from "react";
import type { Curve } from "./curve";
import { dashOf, strokeOf } from "./saved";

export interface Marked {
  /** The arrow chosen. */
  arrow?: string;
  /** The box whose arrows stand out. */
  box?: string;
}

const COLOURS = ["--accent", "--soft", "--good", "--bad", "--warn", "--ink"];

export function Arrows({ curves, marked, dark }: { curves: readonly Curve[]; marked: Marked; dark: boolean }) {
  const store = useStoreApi();
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const style = getComputedStyle(document.documentElement);
    const colours = new Map(COLOURS.map((name) => [name, style.getPropertyValue(name).trim()]));
    let waiting = 0;
    const again = () => {
      waiting ||= requestAnimationFrame(() => {
        waiting = 0;
        const { transform, width, height } = store.getState();
        draw(element, curves, marked, transform, width, height, (name) => colours.get(name) ?? "#888");
      });
    };
    again();
    const stop = store.subscribe(again);
    return () => {
      stop();
      cancelAnimationFrame(waiting);
    };
  }, [store, curves, marked, dark]);
  return <canvas ref={canvas} className="ln-arrows" aria-hidden="true" />;
}

type Transform = [number, number, number];

function draw(
  canvas: HTMLCanvasElement,
  curves: readonly Curve[],
  marked: Marked,
  [tx, ty, zoom]: Transform,
  width: number,
  height: number,
  colour: (name: string) => string,
) {
  const sharp = Math.min(window.devicePixelRatio, 2);
  if (canvas.width !== Math.round(width * sharp) || canvas.height !== Math.round(height * sharp)) {
    canvas.width = Math.round(width * sharp);
    canvas.height = Math.round(height * sharp);
  }
  const pen = canvas.getContext("2d");
  if (!pen) return;
  pen.setTransform(1, 0, 0, 1, 0, 0);
  pen.clearRect(0, 0, canvas.width, canvas.height);
  pen.setTransform(sharp * zoom, 0, 0, sharp * zoom, sharp * tx, sharp * ty);
  const [left, top, right, bottom] = [-tx / zoom, -ty / zoom, (width - tx) / zoom, (height - ty) / zoom];
  const seen = curves.filter((c) => c.right >= left && c.left <= right && c.bottom >= top && c.top <= bottom);
  for (const [key, group] of bySort(seen, marked)) {
    const [name = "", dash = "", weight = "1"] = key.split("|");
    pen.strokeStyle = pen.fillStyle = colour(name);
    pen.lineWidth = Number(weight) / Math.max(zoom, 0.35);
    pen.globalAlpha = Number(weight) < 1.3 ? 0.28 : 1;
    pen.setLineDash(dash ? dash.split(",").map(Number) : []);
    pen.beginPath();
    for (const { points: p } of group) {
      pen.moveTo(p[0], p[1]);
      pen.bezierCurveTo(p[2], p[3], p[4], p[5], p[6], p[7]);
    }
    pen.stroke();
    if (zoom > 0.3) heads(pen, group);
  }
  pen.globalAlpha = 1;
}

/** Arrows that are drawn alike go in one stroke; the marked ones last, so they lie on top. */
function bySort(curves: readonly Curve[], marked: Marked): [string, Curve[]][] {
  const groups = new Map<string, Curve[]>();
  const someMarked = marked.arrow !== undefined || marked.box !== undefined;
  for (const one of curves) {
    const { arrow } = one;
    const chosen = arrow.id === marked.arrow;
    const near = marked.box !== undefined && (arrow.from === marked.box || arrow.to === marked.box);
    const weight = chosen ? 3 : near ? 2 : someMarked ? 1.2 : 1.4;
    const key = `${strokeOf(arrow)}|${dashOf(arrow).join(",")}|${weight}`;
    const known = groups.get(key);
    if (known) known.push(one);
    else groups.set(key, [one]);
  }
  return [...groups].sort(([a], [b]) => Number(a.split("|")[2]) - Number(b.split("|")[2]));
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
