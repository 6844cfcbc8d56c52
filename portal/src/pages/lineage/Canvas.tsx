// The window over the picture: boxes by React Flow, arrows by a canvas of ours.
import {
  Background, Controls, MiniMap, type NodeTypes, ReactFlow, useReactFlow, useStoreApi,
} from "@xyflow/react";
import "@xyflow/react/dist/style.css";
import { type MouseEvent, useEffect, useMemo, useRef } from "react";
import { useDark } from "../../look/look";
import { Arrows, type Marked } from "./Arrows";
import { type BoxNode, BoxView, LitContext } from "./Boxes";
import { curvesOf, nearest } from "./curve";
import type { Laid } from "./layout";
import { type Box, heightOf, type Picture, WIDTH } from "./picture";
import { useLineageWords } from "./words";

const KINDS: NodeTypes = { box: BoxView };
const HIT = 8;
const READABLE = 0.85;
const STILL = { duration: 0 };

export interface CanvasProps {
  picture: Picture;
  laid: Laid;
  marked: Marked;
  found: ReadonlySet<string>;
  /** The box to bring into the middle. */
  sought?: string;
  onArrow: (id: string | undefined) => void;
  onBox: (id: string) => void;
}

export function Canvas({ picture, laid, marked, found, sought, onArrow, onBox }: CanvasProps) {
  const said = useLineageWords();
  const dark = useDark();
  const nodes = useMemo(() => nodesOf(picture.boxes, laid, marked.box), [picture, laid, marked.box]);
  const curves = useMemo(() => curvesOf(picture.boxes, picture.arrows, laid), [picture, laid]);
  const lit = useMemo(() => ({ found }), [found]);
  const flow = useReactFlow();
  const hit = ({ clientX, clientY }: MouseEvent) => {
    const { x, y } = flow.screenToFlowPosition({ x: clientX, y: clientY });
    onArrow(nearest(curves, x, y, HIT / flow.getZoom())?.arrow.id);
  };
  return (
    <LitContext value={lit}>
      <ReactFlow
        nodes={nodes}
        nodeTypes={KINDS}
        nodesDraggable={false}
        nodesConnectable={false}
        edgesFocusable={false}
        onlyRenderVisibleElements
        minZoom={0.04}
        maxZoom={2}
        colorMode={dark ? "dark" : "light"}
        proOptions={{ hideAttribution: false }}
        aria-label={said.canvas}
        onPaneClick={hit}
        onNodeClick={(_, node) => onBox(node.id)}
        onNodeDoubleClick={undefined}
        zoomOnDoubleClick={false}
      >
        <Arrows curves={curves} marked={marked} dark={dark} />
        <Lanes laid={laid} />
        <Background gap={24} />
        <Controls showInteractive={false} aria-label={said.fit} />
        <MiniMap pannable zoomable nodeColor={colourOf} ariaLabel={null} className="ln-map" />
        <Window picture={picture} laid={laid} sought={sought} />
      </ReactFlow>
    </LitContext>
  );
}

function nodesOf(boxes: readonly Box[], laid: Laid, chosen: string | undefined): BoxNode[] {
  return boxes.map((box) => ({
    id: box.id,
    type: "box",
    position: laid.places.get(box.id) ?? { x: 0, y: 0 },
    data: { box },
    width: WIDTH,
    height: heightOf(box),
    selected: box.id === chosen,
    ariaLabel: box.title,
  }));
}

const colourOf = (node: BoxNode): string =>
  node.data.box.start ? "#1d4ed8" : node.data.box.kind === "purpose" ? "#d69a3a" : "#9aa6b8";

/** Where to look: at all of it where that is readable, else at the start. */
function Window({ picture, laid, sought }: { picture: Picture; laid: Laid; sought?: string }) {
  const flow = useReactFlow();
  const store = useStoreApi();
  const shown = useRef<string>(undefined);
  useEffect(() => {
    const start = picture.boxes.find((box) => box.start) ?? picture.boxes[0];
    const about = `${start?.id}`;
    if (!start || shown.current === about) return;
    const look = () => {
      const { width, height } = store.getState();
      if (!width || !height) return false;
      shown.current = about;
      const fits = Math.min((width - 60) / laid.width, (height - 60) / laid.height);
      const zoom = fits < READABLE * 0.7 ? READABLE * 0.8 : Math.min(fits, 1);
      const place = laid.places.get(start.id) ?? { x: 0, y: 0 };
      const all = fits >= READABLE * 0.7;
      const x = all ? laid.width / 2 : place.x + WIDTH / 2;
      const y = all ? laid.height / 2 : place.y + heightOf(start) / 2;
      void flow.setCenter(x, y, { zoom, ...STILL });
      return true;
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

function Lanes({ laid }: { laid: Laid }) {
  const said = useLineageWords();
  const { lane } = laid;
  if (lane === undefined) return null;
  return <LaneLabel y={lane} text={said.purposeLane} width={laid.width} />;
}

function LaneLabel({ y, text, width }: { y: number; text: string; width: number }) {
  const line = useRef<HTMLDivElement>(null);
  const store = useStoreApi();
  useEffect(() => {
    const move = () => {
      const [tx, ty, zoom] = store.getState().transform;
      if (line.current) {
        line.current.style.transform = `translate(${tx}px, ${ty + y * zoom}px)`;
        line.current.style.width = `${width * zoom}px`;
      }
    };
    move();
    return store.subscribe(move);
  }, [store, y, width]);
  return (
    <div className="ln-lane" ref={line}>
      <span>{text}</span>
    </div>
  );
}
