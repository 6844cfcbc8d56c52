// Where data come from and where they go. The whole state stands in the address.
import { ReactFlowProvider } from "@xyflow/react";
import { Alert, Button, Drawer } from "antd";
import { useCallback, useEffect, useMemo, useState } from "react";
import { Link } from "react-router";
import {
  BusinessDocument, ColumnsDocument, HoldersDocument, LineageDocument, LineageEdgesThenDocument, type LineageQuery, SpanDocument,
} from "../../api/generated";
import { askAhead, useAsk } from "../../api/use";
import { resourceAddress } from "../../parts/address";
import { ResourcePick } from "../../parts/ResourcePick";
import { Failure, Loading } from "../../parts/states";
import { DeedsContext } from "./Boxes";
import { BoxPanel } from "./BoxPanel";
import { Canvas } from "./Canvas";
import { EdgePanel } from "./EdgePanel";
import { type Laid, layOut, layOutPlainly, loadEngine } from "./layout";
import { Legend } from "./Legend";
import { List } from "./List";
import "./lineage.css";
import { MANY_BOXES } from "./gathered";
import { type Grouping, type Picture, pictureOf } from "./picture";
import { Toolbar } from "./Toolbar";
import { type Address, readAddress, useAddress } from "./state";
import { useLineageWords } from "./words";

const LIMIT = 5_000;
/** Milliseconds that the better layout may take before the plain one is shown meanwhile. */
const PATIENCE = 150;
const NONE: ReadonlySet<string> = new Set();

export default function Lineage() {
  const said = useLineageWords();
  const [address, change] = useAddress();
  useEffect(() => {
    document.title = said.title;
  }, [said.title]);
  if (!address.id) {
    return (
      <section className="paper ln-empty">
        <h1>{said.title}</h1>
        <p className="soft">{said.pick}</p>
        <ResourcePick value={[]} label={said.pick} hint={said.pickHint} onChange={([id]) => change({ id }, true)} autoFocus />
      </section>
    );
  }
  return <Asked key={address.id} id={address.id} />;
}

const questionOf = (id: string, { direction, depth, at }: Address) => ({ id, direction, depth, at: at ?? null, limit: LIMIT });
/** The same, with the wholes of parts: the lineage of a column is one of columns. */
const pictured = (id: string, address: Address) => ({ ...questionOf(id, address), parts: id.includes("#") });

export function ahead(told: URLSearchParams) {
  const address = readAddress(told);
  if (!address.id) return;
  void askAhead(LineageDocument, pictured(address.id, address));
  void askAhead(HoldersDocument, questionOf(address.id, address));
  void askAhead(SpanDocument, {});
  void loadEngine().catch(() => undefined); // asked for again where it is needed
}

function Asked({ id }: { id: string }) {
  const [address] = useAddress();
  const asked = useAsk(LineageDocument, pictured(id, address), { keep: true });
  const comparing = address.at !== undefined && address.compare;
  const now = useAsk(LineageEdgesThenDocument, { ...pictured(id, address), at: null }, { enabled: comparing });
  const failed = [asked, ...(comparing ? [now] : [])].find(({ error, data }) => error && !data);
  if (failed) return <Failure error={failed.error} retry={() => void failed.refetch()} />;
  if (!asked.data || (comparing && !now.data)) return <Loading rows={10} />;
  return <Shown id={id} told={asked.data} now={comparing ? now.data?.lineage : undefined} />;
}

type Now = Pick<LineageQuery["lineage"], "edges" | "nodes">;

function Shown({ id, told, now }: { id: string; told: LineageQuery; now?: Now }) {
  const said = useLineageWords();
  const [address, change] = useAddress();
  const { lineage } = told;
  const datasets = useMemo(() => lineage.nodes.filter((n) => !n.hidden && !n.whole).map((n) => n.id), [lineage]);
  const wholes = useMemo(
    () => [...new Set(lineage.nodes.flatMap((n) => (n.hidden ? [] : [n.whole?.id ?? n.id])))],
    [lineage],
  );
  const unfolded = useMemo(() => new Set(address.unfolded.filter((one) => datasets.includes(one))), [address.unfolded, datasets]);
  const at = address.at ?? null;
  const columns = useAsk(ColumnsDocument, { datasets: [...unfolded], at }, { enabled: unfolded.size > 0, keep: true });
  const business = useAsk(BusinessDocument, { datasets: wholes, at }, { enabled: address.lane, keep: true });
  const tooMany = datasets.length > MANY_BOXES && address.group === undefined;
  const group: Grouping | undefined = tooMany ? "system" : address.group === "none" ? undefined : address.group;
  const opened = useMemo(() => new Set(address.opened), [address.opened]);
  const { held, known } = useHeld(id, now !== undefined);
  const picture = useMemo(() => {
    // What is drawn is the later of the two dates, so that "vanished" means: since then.
    return pictureOf({
      start: id,
      answer: now ? { ...now, cut: lineage.cut } : lineage,
      then: now ? lineage : undefined,
      held,
      columns: unfolded.size ? columns.data?.columnLineage : undefined,
      unfolded,
      business: address.lane ? business.data?.businessLineage : undefined,
      group,
      opened,
      withCoarse: address.coarse,
    });
  }, [id, lineage, now, held, columns.data, unfolded, business.data, address.lane, address.coarse, group, opened]);
  const laid = useLaid(picture);
  const late = laid?.picture !== picture || laid.rough;
  const { found, sought, next } = useSearchWithin(picture, address.search);
  const deeds = useMemo(
    () => ({
      unfold: (one: string) =>
        change((a) => ({ unfolded: a.unfolded.includes(one) ? a.unfolded.filter((x) => x !== one) : [...a.unfolded, one] })),
      openGroup: (one: string) => change((a) => ({ opened: [...a.opened, one], box: undefined })),
      trace: (column: string) => change({ id: column, direction: "BOTH", depth: null, box: undefined, arrow: undefined, unfolded: [] }, true),
    }),
    [change],
  );
  const arrow = picture.arrows.find((one) => one.id === address.arrow);
  const box = picture.boxes.find((one) => one.id === address.box);
  const onArrow = useCallback((one: string | undefined) => change({ arrow: one, box: undefined }), [change]);
  const onBox = useCallback((one: string) => change({ box: one, arrow: undefined }), [change]);
  const alone = picture.boxes.length <= 1;
  const gathers = opened.size > 0 || picture.boxes.some(({ kind }) => kind === "group");
  const failed = [unfolded.size > 0 && columns, address.lane && business].find((asked) => asked && asked.error);
  return (
    <DeedsContext value={deeds}>
      <div className="ln">
        <Title told={told} id={id} />
        <Toolbar picture={picture} group={group} laid={laid} title={told.resource?.title ?? id} found={found.size} onNext={next} />
        {failed && <Failure error={failed.error} retry={() => void failed.refetch()} />}
        {tooMany && known && (
          <Alert type="info" showIcon title={gathers ? said.autoGrouped(datasets.length) : said.notGrouped(datasets.length)} />
        )}
        <div className={address.list ? "ln-frame ln-asList" : "ln-frame"} aria-busy={late}>
          {group && !known ? (
            <Loading rows={10} />
          ) : alone ? (
            <Empty coarse={picture.coarse} />
          ) : address.list ? (
            <List picture={picture} onArrow={onArrow} />
          ) : laid ? (
            <ReactFlowProvider>
              <Canvas
                picture={laid.picture}
                laid={laid.laid}
                marked={{ arrow: arrow?.id, box: box?.id }}
                found={found.size || !address.search ? found : NONE}
                sought={sought}
                onArrow={onArrow}
                onBox={onBox}
              />
            </ReactFlowProvider>
          ) : (
            <Loading rows={10} />
          )}
        </div>
        <Foot lineage={lineage} picture={picture} />
      </div>
      <Drawer
        open={arrow !== undefined || box !== undefined}
        onClose={() => change({ arrow: undefined, box: undefined })}
        title={arrow ? said.rule : box?.title}
        mask={false}
        size={440}
        rootClassName="ln-drawer"
      >
        {arrow && <EdgePanel key={arrow.id} arrow={arrow} picture={picture} />}
        {box && !arrow && <BoxPanel box={box} picture={picture} onArrow={onArrow} />}
      </Drawer>
    </DeedsContext>
  );
}

function Title({ told, id }: { told: LineageQuery; id: string }) {
  const said = useLineageWords();
  const start = told.lineage.nodes.find((node) => node.id === id);
  return (
    <header className="ln-top">
      <h1>
        {start?.whole ? said.traceTitle : said.title}
        <span className="ln-of">
          {start?.whole && <Link to={`/lineage?${new URLSearchParams({ id: start.whole.id })}`}>{start.whole.title}</Link>}
          <Link to={resourceAddress(id)}>{told.resource?.title ?? start?.title ?? id}</Link>
        </span>
      </h1>
      <Link to={`/impact?${new URLSearchParams({ id })}`}>{said.impact}</Link>
    </header>
  );
}

function Empty({ coarse }: { coarse: number }) {
  const said = useLineageWords();
  const [, change] = useAddress();
  return (
    <div className="ln-empty">
      <p>{coarse ? said.onlyCoarse : said.empty}</p>
      {coarse > 0 && <Button onClick={() => change({ coarse: true })}>{said.showCoarse}</Button>}
    </div>
  );
}

function Foot({ lineage, picture }: { lineage: LineageQuery["lineage"]; picture: Picture }) {
  const said = useLineageWords();
  const [address, change] = useAddress();
  return (
    <footer className="ln-foot">
      <Legend compared={address.at !== undefined && address.compare} lane={address.lane} />
      <span className="soft number">{said.count(picture.boxes.length, picture.arrows.length)}</span>
      {!lineage.complete && (
        <span>
          {said.cut(lineage.cut.length)}{" "}
          {address.depth !== null && (
            <Button size="small" onClick={() => change({ depth: (address.depth ?? 0) + 1 })}>
              {said.deeper}
            </Button>
          )}
        </span>
      )}
      {lineage.hidden > 0 && <span className="soft">{said.hidden(lineage.hidden)}</span>}
    </footer>
  );
}

/** What holds the nodes of the picture, by id; `known` once it is told of all of them. */
function useHeld(id: string, comparing: boolean) {
  const [address] = useAddress();
  const then = useAsk(HoldersDocument, questionOf(id, address), { keep: true });
  const now = useAsk(HoldersDocument, { ...questionOf(id, address), at: null }, { enabled: comparing, keep: true });
  const held = useMemo(
    () => new Map([then.data, now.data].flatMap((data) => data?.lineage.nodes ?? []).map((node) => [node.id, node])),
    [then.data, now.data],
  );
  const asked = comparing ? [then, now] : [then];
  return { held, known: asked.every(({ data, error, isPlaceholderData }) => (data && !isPlaceholderData) || error) };
}

interface Placed {
  picture: Picture;
  laid: Laid;
  /** The better layout is still on its way. */
  rough: boolean;
}

/** The picture with its places; the last one until the next is laid out. */
function useLaid(picture: Picture): Placed | undefined {
  const [laid, setLaid] = useState<Placed>();
  useEffect(() => {
    let wanted = true;
    const show = (places: Laid, rough = false) => wanted && setLaid({ picture, laid: places, rough });
    const late = setTimeout(() => show(layOutPlainly(picture), true), PATIENCE);
    void layOut(picture).then((places) => {
      clearTimeout(late);
      show(places);
    });
    return () => {
      wanted = false;
      clearTimeout(late);
    };
  }, [picture]);
  return laid;
}

function useSearchWithin(picture: Picture, text: string) {
  const [turn, setTurn] = useState(0);
  const found = useMemo(() => {
    const wanted = text.trim().toLowerCase();
    if (!wanted) return NONE;
    const fits = (said: string) => said.toLowerCase().includes(wanted);
    return new Set(
      picture.boxes
        .filter((box) => fits(box.title) || fits(box.note) || box.rows.some((row) => fits(row.title) || fits(row.name)))
        .map((box) => box.id),
    );
  }, [picture, text]);
  const ids = [...found];
  return { found, sought: turn && ids.length ? ids[(turn - 1) % ids.length] : ids[0], next: () => setTurn((n) => n + 1) };
}
