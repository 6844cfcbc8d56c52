// What is drawn rather than built of elements: all arrows, and from afar the boxes too. It is
// one bitmap, larger than the window; moving the window only moves the bitmap, so that
// thousands of lines cost nothing while a hand drags them. It is drawn anew where the window
// leaves it, roughly while the window moves and finely once it rests.
import { useStoreApi } from "@xyflow/react";
import { useEffect, useRef } from "react";
import { type Marked, type Scene, paint } from "./pen";

const COLOURS = ["--accent", "--soft", "--good", "--bad", "--warn", "--ink", "--paper", "--line", "--raised", "--warn-soft", "--mark"];
/** How many pixels, of so many, the bitmap reaches beyond each edge of the window. */
const margin = (size: number) => Math.round(size / 2);
/** Beyond such a change of scale the bitmap is drawn anew even while it moves. */
const STRETCH = 1.6;
/** Milliseconds without a move that count as rest. */
const REST = 120;

interface Drawn {
  x: number;
  y: number;
  zoom: number;
  width: number;
  height: number;
  fine: boolean;
}

export function Drawing({ scene, marked, dark }: { scene: Scene; marked: Marked; dark: boolean }) {
  const store = useStoreApi();
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const style = getComputedStyle(document.documentElement);
    const colours = new Map(COLOURS.map((name) => [name, style.getPropertyValue(name).trim()]));
    const colour = (name: string) => colours.get(name) ?? "#888";
    let drawn: Drawn | undefined;
    let waiting = 0;
    let rest = 0;
    const draw = (fine: boolean) => {
      const { transform, width, height } = store.getState();
      const [x, y, zoom] = transform;
      if (!width || !height) return;
      const all = paint(element, scene, { x, y, zoom, width, height, margin }, { marked, colour, fine });
      drawn = { x, y, zoom, width, height, fine: fine || all };
      place(element, drawn, transform);
    };
    const follow = () => {
      waiting = 0;
      const { transform, width, height } = store.getState();
      if (!drawn || drawn.width !== width || drawn.height !== height) draw(true);
      else if (covers(drawn, transform)) place(element, drawn, transform);
      else draw(false);
      clearTimeout(rest);
      const resting = drawn && drawn.fine && drawn.zoom === transform[2];
      if (!resting) rest = window.setTimeout(() => draw(true), REST);
    };
    const again = () => {
      waiting ||= requestAnimationFrame(follow);
    };
    again();
    const stop = store.subscribe((now, before) => {
      if (now.transform !== before.transform || now.width !== before.width || now.height !== before.height) again();
    });
    return () => {
      stop();
      cancelAnimationFrame(waiting);
      clearTimeout(rest);
    };
  }, [store, scene, marked, dark]);
  return <canvas ref={canvas} className="ln-drawing" aria-hidden="true" />;
}

type Transform = readonly [number, number, number];

/** Where the bitmap lies now, and how much it is stretched. A mere move keeps whole pixels. */
function shifted({ x, y, zoom, width, height }: Drawn, [nx, ny, nzoom]: Transform) {
  const grown = nzoom / zoom;
  return { grown, left: nx - (x + margin(width)) * grown, top: ny - (y + margin(height)) * grown };
}

function place(canvas: HTMLCanvasElement, drawn: Drawn, now: Transform) {
  const { grown, left, top } = shifted(drawn, now);
  canvas.style.transform = `translate(${left}px, ${top}px) scale(${grown})`;
}

/** Whether the bitmap, as moved, still fills the window, not much larger or smaller than drawn. */
function covers(drawn: Drawn, now: Transform): boolean {
  const { grown, left, top } = shifted(drawn, now);
  if (grown > STRETCH || grown < 1 / STRETCH) return false;
  const { width, height } = drawn;
  const right = left + (width + 2 * margin(width)) * grown;
  const bottom = top + (height + 2 * margin(height)) * grown;
  return left <= 0 && top <= 0 && right >= width && bottom >= height;
}
