// The line of an arrow: a cubic curve from the right edge of one box to the left edge of
// another, or, into the lane below, from the bottom edge down.
import type { Laid } from "./layout";
import type { Arrow, Box } from "./picture";
import { heightOf, portOf, WIDTH } from "./sizes";

export interface Curve {
  arrow: Arrow;
  /** x and y of start, two handles and end. */
  points: [number, number, number, number, number, number, number, number];
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export function curvesOf(boxes: readonly Box[], arrows: readonly Arrow[], laid: Laid): Curve[] {
  const known = new Map(boxes.map((box) => [box.id, box]));
  return arrows.flatMap((arrow) => {
    const from = known.get(arrow.from);
    const to = known.get(arrow.to);
    const a = laid.places.get(arrow.from);
    const b = laid.places.get(arrow.to);
    return from && to && a && b ? [curve(arrow, from, to, a, b)] : [];
  });
}

function curve(arrow: Arrow, from: Box, to: Box, a: { x: number; y: number }, b: { x: number; y: number }): Curve {
  const points: Curve["points"] =
    from.stage === 0 && to.stage > 0
      ? downward(a.x + WIDTH / 2, a.y + heightOf(from), b.x, b.y + portOf(to, undefined))
      : onward(a.x + WIDTH, a.y + portOf(from, arrow.fromRow), b.x, b.y + portOf(to, arrow.toRow));
  const xs = [points[0], points[2], points[4], points[6]];
  const ys = [points[1], points[3], points[5], points[7]];
  return {
    arrow, points,
    left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys),
  };
}

function onward(x1: number, y1: number, x2: number, y2: number): Curve["points"] {
  const reach = x2 > x1 ? Math.max(40, (x2 - x1) / 2) : Math.max(80, (x1 - x2) / 3);
  return [x1, y1, x1 + reach, y1, x2 - reach, y2, x2, y2];
}

function downward(x1: number, y1: number, x2: number, y2: number): Curve["points"] {
  const reach = Math.max(40, (y2 - y1) / 2);
  return [x1, y1, x1, y1 + reach, x2 - 60, y2, x2, y2];
}

export function at([x1, y1, c1, d1, c2, d2, x2, y2]: Curve["points"], t: number): [number, number] {
  const s = 1 - t;
  const [a, b, c, d] = [s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t];
  return [a * x1 + b * c1 + c * c2 + d * x2, a * y1 + b * d1 + c * d2 + d * y2];
}

/** The curve nearest to a point, no farther than `within`. */
export function nearest(curves: readonly Curve[], x: number, y: number, within: number): Curve | undefined {
  let best: Curve | undefined;
  let least = within * within;
  for (const one of curves) {
    if (x < one.left - within || x > one.right + within || y < one.top - within || y > one.bottom + within) continue;
    let [px, py] = at(one.points, 0);
    for (let i = 1; i <= 24; i++) {
      const [qx, qy] = at(one.points, i / 24);
      const far = toSegment(x, y, px, py, qx, qy);
      if (far < least) {
        least = far;
        best = one;
      }
      [px, py] = [qx, qy];
    }
  }
  return best;
}

function toSegment(x: number, y: number, ax: number, ay: number, bx: number, by: number): number {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const t = length ? Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / length)) : 0;
  return (x - ax - t * dx) ** 2 + (y - ay - t * dy) ** 2;
}
