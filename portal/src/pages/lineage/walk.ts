// From box to box by the arrow keys: along the links to left and right, within a column up
// and down.
import type { Laid } from "./layout";
import type { Picture } from "./picture";

export type Step = "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown";

const STEPS: ReadonlySet<string> = new Set<Step>(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"]);
export const isStep = (key: string): key is Step => STEPS.has(key);

/** The box that a step leads to: the nearest in height or, upright, in the same column. */
export function beside(picture: Picture, laid: Laid, id: string, step: Step): string | undefined {
  const here = laid.places.get(id);
  if (!here) return undefined;
  const height = (other: string) => laid.places.get(other)?.y ?? 0;
  if (step === "ArrowLeft" || step === "ArrowRight") {
    const right = step === "ArrowRight";
    const near = picture.arrows.flatMap(({ from, to }) => ((right ? from : to) === id ? [right ? to : from] : []));
    return nearest(near, (other) => Math.abs(height(other) - here.y));
  }
  const down = step === "ArrowDown";
  const column = picture.boxes.flatMap((box) => {
    const place = laid.places.get(box.id);
    return place && Math.abs(place.x - here.x) < 1 && (down ? place.y > here.y : place.y < here.y) ? [box.id] : [];
  });
  return nearest(column, (other) => Math.abs(height(other) - here.y));
}

function nearest(ids: readonly string[], far: (id: string) => number): string | undefined {
  let best: string | undefined;
  for (const id of ids) if (best === undefined || far(id) < far(best)) best = id;
  return best;
}
