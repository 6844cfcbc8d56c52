// How large a box is drawn, and where its arrows end.
import type { Box, Row } from "./picture";

export const WIDTH = 224;
/** Between columns of boxes. */
export const GAP_X = 110;
const HEAD = 52;
const ROW = 24;
/** Rows shown of an unfolded box; the rest is told as a number. */
export const ROWS = 200;

export const shownRows = (box: Box): Row[] => (box.unfolded ? box.rows.slice(0, ROWS) : []);
export const heightOf = (box: Box): number => {
  const rows = shownRows(box).length;
  return HEAD + (rows ? rows * ROW + 8 : 0);
};

/** How far below the top of its box an arrow ends. */
export function portOf(box: Box, row: string | undefined): number {
  const index = row === undefined ? -1 : shownRows(box).findIndex((one) => one.id === row);
  return index < 0 ? HEAD / 2 : HEAD + index * ROW + ROW / 2;
}
