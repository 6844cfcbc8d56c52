// Which part of the picture the window shows.
import type { Laid } from "./layout";
import type { Box, Picture } from "./picture";
import { heightOf, WIDTH } from "./sizes";

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
const MARGIN = 60;

/** All of the picture where that is readable, else its start in the middle. Whole pixels, so
 * that moving it needs no blending. */
export function overview({ laid }: Shown, start: Box, width: number, height: number): View {
  const fits = Math.min((width - MARGIN) / laid.width, (height - MARGIN) / laid.height);
  const all = fits >= READABLE * 0.7;
  const zoom = all ? Math.min(fits, 1) : READABLE * 0.8;
  const place = laid.places.get(start.id) ?? { x: 0, y: 0 };
  const x = all ? laid.width / 2 : place.x + WIDTH / 2;
  const y = all ? laid.height / 2 : place.y + heightOf(start) / 2;
  return { x: Math.round(width / 2 - x * zoom), y: Math.round(height / 2 - y * zoom), zoom };
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
