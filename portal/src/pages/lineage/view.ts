// Which part of the picture the window shows.
import type { Laid } from "./layout";
import type { Box, Picture } from "./picture";
import { GAP_X, heightOf, WIDTH } from "./sizes";

export interface View {
  x: number;
  y: number;
  zoom: number;
}
export interface Shown {
  picture: Picture;
  laid: Laid;
}

/** Scale from which words are read with ease. */
const READABLE = 0.85;
/** Scale from which they can be read. */
const LEAST = READABLE * 0.7;
const MARGIN = 60;

/** All of the picture where that is readable, else its start in the middle; where there is no room
 * for three columns, beside what it leads to. No part of the window is left empty that more of the
 * picture could fill. Whole pixels, so that moving it needs no blending. */
export function overview({ picture, laid }: Shown, start: Box, width: number, height: number): View {
  const fits = Math.min((width - MARGIN) / laid.width, (height - MARGIN) / laid.height);
  const narrow = width < 3 * WIDTH;
  const two = (width - MARGIN / 4) / (2 * WIDTH + GAP_X);
  const zoom = fits >= LEAST ? Math.min(fits, 1) : narrow ? Math.max(LEAST, Math.min(two, 1)) : READABLE * 0.8;
  const place = laid.places.get(start.id) ?? { x: 0, y: 0 };
  const x = from(width, 0, laid.width, place.x + WIDTH / 2 + (narrow ? (side(picture, start) * (WIDTH + GAP_X)) / 2 : 0), zoom);
  const seen = picture.boxes.flatMap((box) => {
    const at = laid.places.get(box.id);
    return at && x + at.x * zoom < width && x + (at.x + WIDTH) * zoom > 0 ? [[at.y, at.y + heightOf(box)] as const] : [];
  });
  const [top, bottom] = [Math.min(...seen.map(([y]) => y)), Math.max(...seen.map(([, y]) => y))];
  const y = from(height, top, bottom, place.y + heightOf(start) / 2, zoom);
  // A phone's window is high: what there is stands at its top, as text does.
  return { x: Math.round(x), y: Math.round(narrow ? Math.min(y, MARGIN / 2 - top * zoom) : y), zoom };
}

/** Where what a reader looks at first lies: to the right, what it leads to; else what leads to it. */
function side({ arrows }: Picture, { id }: Box): -1 | 0 | 1 {
  const data = arrows.filter(({ purpose }) => !purpose);
  return data.some(({ from }) => from === id) ? 1 : data.some(({ to }) => to === id) ? -1 : 0;
}

/** Where a picture is put in a window so that `wanted` of it comes next to the middle, and as
 * little as can be of what lies before `least` and after `most`. */
function from(window: number, least: number, most: number, wanted: number, zoom: number): number {
  const size = (most - least) * zoom;
  if (size + MARGIN <= window) return (window - size) / 2 - least * zoom;
  return Math.min(MARGIN / 2, Math.max(window - MARGIN / 2 - size, window / 2 - (wanted - least) * zoom)) - least * zoom;
}

/** The box that a reader works on: one that was unfolded or folded between two pictures. */
export function workedOn(before: Picture, after: Picture): Box | undefined {
  const heights = new Map(before.boxes.map((box) => [box.id, heightOf(box)]));
  return after.boxes.find((box) => (heights.get(box.id) ?? heightOf(box)) !== heightOf(box));
}

/** The window after a new layout in which a box stands on the screen where it stood. */
export function keeping(id: string, before: Laid, after: Laid, view: View): View | undefined {
  const was = before.places.get(id);
  const is = after.places.get(id);
  if (!was || !is) return undefined;
  const { x, y, zoom } = view;
  return { x: Math.round(x + (was.x - is.x) * zoom), y: Math.round(y + (was.y - is.y) * zoom), zoom };
}
