// The window's own moves: the reader's are React Flow's.
import { useReactFlow, useStoreApi } from "@xyflow/react";
import { useEffect, useRef } from "react";
import { WIDTH } from "./sizes";
import { keeping, overview, type Shown, type View, workedOn } from "./view";

export const STILL = { duration: 0 };

interface Put extends Shown {
  about: string;
  view: View;
}

/** Looks at a new picture as a whole. One that is laid out anew (the better layout has come, a
 * box was unfolded) moves around the box that the reader works on, which stays in its place. */
export function Window({ picture, laid, sought }: Shown & { sought?: string }) {
  const flow = useReactFlow();
  const store = useStoreApi();
  const put = useRef<Put>(undefined);
  useEffect(() => {
    const start = picture.boxes.find((box) => box.start) ?? picture.boxes[0];
    if (!start) return;
    const about = `${start.id} ${laid.lane === undefined}`;
    const look = () => {
      const { width, height } = store.getState();
      if (!width || !height) return false;
      const view = again(put.current, about) ?? overview({ picture, laid }, start, width, height);
      put.current = { about, picture, laid, view };
      void flow.setViewport(view);
      return true;
    };
    const again = (last: Put | undefined, about: string): View | undefined => {
      if (last?.about !== about) return undefined;
      const [x, y, zoom] = store.getState().transform;
      const box = workedOn(last.picture, picture);
      const untouched = x === last.view.x && y === last.view.y && zoom === last.view.zoom;
      return box || !untouched ? keeping((box ?? start).id, last.laid, laid, { x, y, zoom }) : undefined;
    };
    if (look()) return;
    const stop = store.subscribe(() => {
      if (look()) stop();
    });
    return stop;
  }, [flow, store, picture, laid]);
  useEffect(() => {
    const place = sought && laid.places.get(sought);
    if (place) void flow.setCenter(place.x + WIDTH / 2, place.y + 26, { zoom: 1, ...STILL });
  }, [flow, laid, sought]);
  return null;
}
