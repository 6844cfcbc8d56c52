// The window over the picture: boxes as elements by React Flow where they can be read, all
// else drawn by ourselves.
import { ExpandOutlined } from "@ant-design/icons";
import { ControlButton, Controls, type NodeTypes, ReactFlow, useReactFlow, useStore, useStoreApi } from "@xyflow/react";
import "@xyflow/react/dist/style.css";
import { type KeyboardEvent, type MouseEvent, useCallback, useEffect, useMemo, useRef } from "react";
import { useDark } from "../../look/look";
import { type BoxNode, BoxView, LitContext } from "./Boxes";
import { curvesOf, nearest } from "./curve";
import { Drawing } from "./Drawing";
import type { Laid } from "./layout";
import { Overview } from "./Overview";
import type { Marked } from "./pen";
import type { Box, Picture } from "./picture";
import { heightOf, WIDTH } from "./sizes";
import { beside, isStep, type Step } from "./walk";
import { STILL, Window } from "./Window";
import { useLineageWords } from "./words";

const KINDS: NodeTypes = { box: BoxView };
const HIT = 8;
/** Below this scale no word can be read: boxes are drawn, not built. */
const FAR = 0.4;
const NO_NODES: BoxNode[] = [];
const NO_BOXES: Box[] = [];

export interface CanvasProps {
  picture: Picture;
  laid: Laid;
  marked: Omit<Marked, "found">;
  found: ReadonlySet<string>;
  /** The box to bring into the middle. */
  sought?: string;
  onArrow: (id: string | undefined) => void;
  onBox: (id: string) => void;
}

export function Canvas({ picture, laid, marked: { arrow, box }, found, sought, onArrow, onBox }: CanvasProps) {
  const said = useLineageWords();
  const dark = useDark();
  const flow = useReactFlow();
  const far = useStore((state) => state.transform[2] < FAR);
  const nodes = useMemo(() => nodesOf(picture.boxes, laid, box), [picture, laid, box]);
  const scene = useMemo(
    () => ({ curves: curvesOf(picture.boxes, picture.arrows, laid), laid, boxes: far ? picture.boxes : NO_BOXES }),
    [picture, laid, far],
  );
  const marked = useMemo(() => ({ arrow, box, found }), [arrow, box, found]);
  const lit = useMemo(() => ({ found }), [found]);
  const showAll = useCallback(
    () => void flow.fitBounds({ x: 0, y: 0, width: laid.width, height: laid.height }, { padding: 0.04, ...STILL }),
    [flow, laid],
  );
  const frame = useRef<HTMLDivElement>(null);
  // Boxes are one layer while they move, so that they are not drawn again for each step.
  const moving = (event: unknown, now: boolean) => event && frame.current?.classList.toggle("ln-moving", now);
  const hit = ({ clientX, clientY }: MouseEvent) => {
    const { x, y } = flow.screenToFlowPosition({ x: clientX, y: clientY });
    const under = far ? boxAt(picture.boxes, laid, x, y) : undefined;
    if (under) onBox(under.id);
    else onArrow(nearest(scene.curves, x, y, HIT / flow.getZoom())?.arrow.id);
  };
  const onNodeClick = useCallback((_: MouseEvent, node: BoxNode) => onBox(node.id), [onBox]);
  const onKeyDown = useKeys({ picture, laid, onBox, showAll });
  return (
    <LitContext value={lit}>
      <ReactFlow
        ref={frame}
        nodes={far ? NO_NODES : nodes}
        nodeTypes={KINDS}
        nodesDraggable={false}
        nodesConnectable={false}
        edgesFocusable={false}
        disableKeyboardA11y
        onlyRenderVisibleElements
        minZoom={0.04}
        maxZoom={2}
        colorMode={dark ? "dark" : "light"}
        aria-label={said.canvas}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onMoveStart={(event) => moving(event, true)}
        onMoveEnd={(event) => moving(event, false)}
        onPaneClick={hit}
        onNodeClick={onNodeClick}
        zoomOnDoubleClick={false}
      >
        <Drawing scene={scene} marked={marked} dark={dark} />
        <Lanes laid={laid} />
        <Controls showInteractive={false} showFitView={false} aria-label={said.scale}>
          <ControlButton onClick={showAll} title={said.fit} aria-label={said.fit}>
            <ExpandOutlined aria-hidden="true" />
          </ControlButton>
        </Controls>
        <Overview picture={picture} laid={laid} dark={dark} />
        <Window picture={picture} laid={laid} sought={sought} />
      </ReactFlow>
    </LitContext>
  );
}

/** Sizes and (no) handles are told beforehand: else every box would be built once to measure it. */
function nodesOf(boxes: readonly Box[], laid: Laid, chosen: string | undefined): BoxNode[] {
  return boxes.map((box) => {
    const size = { width: WIDTH, height: heightOf(box) };
    return {
      id: box.id,
      type: "box",
      position: laid.places.get(box.id) ?? { x: 0, y: 0 },
      data: { box },
      ...size,
      measured: size,
      handles: [],
      selected: box.id === chosen,
      ariaLabel: box.title,
    };
  });
}

function boxAt(boxes: readonly Box[], laid: Laid, x: number, y: number): Box | undefined {
  return boxes.find((box) => {
    const place = laid.places.get(box.id);
    return place && x >= place.x && x <= place.x + WIDTH && y >= place.y && y <= place.y + heightOf(box);
  });
}

const STRIDE = 80;
const MOVES: Record<Step, [number, number]> = {
  ArrowLeft: [STRIDE, 0],
  ArrowRight: [-STRIDE, 0],
  ArrowUp: [0, STRIDE],
  ArrowDown: [0, -STRIDE],
};

type Keyed = Pick<CanvasProps, "picture" | "laid" | "onBox"> & { showAll: () => void };

function useKeys({ picture, laid, onBox, showAll }: Keyed) {
  const flow = useReactFlow();
  return (event: KeyboardEvent<HTMLElement>) => {
    const { key, target, currentTarget: frame } = event;
    const box = target instanceof HTMLElement && target.matches(".react-flow__node") ? target.dataset.id : undefined;
    if (box === undefined && target !== frame) return;
    const step = isStep(key) ? key : undefined;
    if (step && box !== undefined) focusOn(frame, beside(picture, laid, box, step));
    else if (step) {
      const { x, y, zoom } = flow.getViewport();
      const [dx, dy] = MOVES[step];
      void flow.setViewport({ x: x + dx, y: y + dy, zoom });
    } else if (key === "Enter" && box !== undefined) onBox(box);
    else if (key === "+" || key === "=") void flow.zoomIn(STILL);
    else if (key === "-") void flow.zoomOut(STILL);
    else if (key === "0") showAll();
    else return;
    event.preventDefault();
  };

  function focusOn(frame: HTMLElement, id: string | undefined) {
    const place = id === undefined ? undefined : laid.places.get(id);
    if (id === undefined || !place) return;
    void flow.setCenter(place.x + WIDTH / 2, place.y + 26, { zoom: flow.getZoom(), ...STILL });
    // It is built once it can be seen.
    requestAnimationFrame(() => frame.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"]`)?.focus());
  }
}

function Lanes({ laid }: { laid: Laid }) {
  const said = useLineageWords();
  const { lane } = laid;
  if (lane === undefined) return null;
  return <LaneLabel y={lane} text={said.purposeLane} width={laid.width} />;
}

const BESIDE_CONTROLS = 56;

function LaneLabel({ y, text, width }: { y: number; text: string; width: number }) {
  const line = useRef<HTMLDivElement>(null);
  const store = useStoreApi();
  useEffect(() => {
    const move = () => {
      const [tx, ty, zoom] = store.getState().transform;
      if (line.current) {
        line.current.style.transform = `translate(${tx}px, ${ty + y * zoom}px)`;
        line.current.style.width = `${width * zoom}px`;
        const label = line.current.firstElementChild as HTMLElement;
        label.style.left = `${Math.max(0, BESIDE_CONTROLS - tx)}px`;
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
