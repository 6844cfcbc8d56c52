// All of the picture in a corner, and the window over it. A pointer moves the window; the
// keyboard has the arrow keys for that.
import { useReactFlow, useStoreApi } from "@xyflow/react";
import { type PointerEvent, useEffect, useMemo, useRef } from "react";
import type { Laid } from "./layout";
import type { Picture } from "./picture";
import { heightOf, WIDTH } from "./sizes";

const MOST = { width: 180, height: 120 };
const STILL = { duration: 0 };

export function Overview({ picture, laid, dark }: { picture: Picture; laid: Laid; dark: boolean }) {
  const flow = useReactFlow();
  const store = useStoreApi();
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useMemo(() => sizeOf(laid), [laid]);
  useEffect(() => {
    const pen = canvas.current?.getContext("2d");
    if (!canvas.current || !pen) return;
    const sharp = Math.min(window.devicePixelRatio, 2);
    canvas.current.width = size.width * sharp;
    canvas.current.height = size.height * sharp;
    const style = getComputedStyle(document.documentElement);
    pen.scale(sharp, sharp);
    for (const box of picture.boxes) {
      const place = laid.places.get(box.id);
      if (!place) continue;
      pen.fillStyle = style.getPropertyValue(box.start ? "--accent" : box.kind === "purpose" ? "--warn" : "--soft");
      const least = box.start ? 4 : 1;
      const [width, height] = [Math.max(WIDTH * size.scale, least), Math.max(heightOf(box) * size.scale, least)];
      pen.fillRect(place.x * size.scale, place.y * size.scale, width, height);
    }
  }, [picture, laid, size, dark]);
  useEffect(() => {
    const move = () => {
      const { transform, width, height } = store.getState();
      const [x, y, zoom] = transform;
      const element = frame.current;
      if (!element?.parentElement) return;
      const all = x >= 0 && y >= 0 && x + laid.width * zoom <= width && y + laid.height * zoom <= height;
      element.parentElement.hidden = all; // it would only cover what is seen anyway
      const left = Math.max(0, (-x / zoom) * size.scale);
      const top = Math.max(0, (-y / zoom) * size.scale);
      element.style.left = `${left}px`;
      element.style.top = `${top}px`;
      element.style.width = `${Math.max(0, Math.min(((width - x) / zoom) * size.scale, size.width) - left)}px`;
      element.style.height = `${Math.max(0, Math.min(((height - y) / zoom) * size.scale, size.height) - top)}px`;
    };
    move();
    return store.subscribe(move);
  }, [store, laid, size]);
  const go = (event: PointerEvent<HTMLDivElement>) => {
    if (event.type === "pointermove" && !event.buttons) return;
    const { left, top } = event.currentTarget.getBoundingClientRect();
    const [x, y] = [(event.clientX - left) / size.scale, (event.clientY - top) / size.scale];
    void flow.setCenter(x, y, { zoom: flow.getZoom(), ...STILL });
  };
  return (
    <div className="ln-overview nopan" style={{ width: size.width, height: size.height }} aria-hidden="true" onPointerDown={go} onPointerMove={go}>
      <canvas ref={canvas} style={{ width: size.width, height: size.height }} />
      <div ref={frame} className="ln-overview-window" />
    </div>
  );
}

function sizeOf(laid: Laid): { width: number; height: number; scale: number } {
  const scale = Math.min(MOST.width / Math.max(laid.width, 1), MOST.height / Math.max(laid.height, 1));
  return { width: Math.max(laid.width * scale, 12), height: Math.max(laid.height * scale, 12), scale };
}
