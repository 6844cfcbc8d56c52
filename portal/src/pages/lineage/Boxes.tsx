// A box of the picture: a dataset with its columns, a group, a purpose.
import type { Node, NodeProps } from "@xyflow/react";
import { createContext, memo, useContext } from "react";
import { useModel } from "../../api/model";
import { language } from "../../words/language";
import type { Box } from "./picture";
import { ROWS, shownRows } from "./sizes";
import { useLineageWords } from "./words";

export interface Deeds {
  unfold: (id: string) => void;
  openGroup: (id: string) => void;
  trace: (column: string) => void;
}
export interface Lit {
  box?: string;
  /** Boxes found by the search; empty: none was asked for. */
  found: ReadonlySet<string>;
}
export const DeedsContext = createContext<Deeds>({ unfold: () => {}, openGroup: () => {}, trace: () => {} });
export const LitContext = createContext<Lit>({ found: new Set() });

export type BoxNode = Node<{ box: Box }, "box">;

export const BoxView = memo(function BoxView({ data: { box }, selected }: NodeProps<BoxNode>) {
  const said = useLineageWords();
  const model = useModel();
  const chosen = language.use();
  const lit = useContext(LitContext);
  const kind = model.classLabel(box.type, chosen);
  const note = box.kind === "group" ? said.datasets(box.count) : box.note;
  const classes = ["ln-box", `ln-${box.kind}`];
  if (box.start) classes.push("ln-start");
  if (selected) classes.push("ln-selected");
  if (box.change) classes.push(`ln-${box.change}`);
  if (lit.found.size) classes.push(lit.found.has(box.id) ? "ln-found" : "ln-dim");
  return (
    <div className={classes.join(" ")}>
      <div className="ln-head" title={box.hidden ? said.hiddenBox : box.title}>
        <span className="ln-title">{box.hidden ? said.hiddenBox : box.title}</span>
        <span className="ln-note">
          {kind}
          {note && ` · ${note}`}
          {box.change && ` · ${said[box.change]}`}
        </span>
      </div>
      <Deed box={box} />
      {box.unfolded && <Rows box={box} />}
    </div>
  );
});

function Deed({ box }: { box: Box }) {
  const said = useLineageWords();
  const { unfold, openGroup } = useContext(DeedsContext);
  if (box.hidden || box.kind === "purpose") return null;
  const group = box.kind === "group";
  const name = group ? said.openGroup : box.unfolded ? said.fold : said.unfold;
  return (
    <button
      type="button"
      className="ln-deed nodrag"
      aria-expanded={group ? undefined : box.unfolded}
      aria-label={`${name} ${box.title}`}
      title={name}
      onClick={(event) => {
        event.stopPropagation();
        if (group) openGroup(box.id);
        else unfold(box.id);
      }}
    >
      {group ? "⤢" : box.unfolded ? "−" : "+"}
    </button>
  );
}

function Rows({ box }: { box: Box }) {
  const said = useLineageWords();
  const { trace } = useContext(DeedsContext);
  const more = box.rows.length - ROWS;
  return (
    <div className="ln-rows">
      {shownRows(box).map((row) => (
        <button
          type="button"
          key={row.id}
          className={row.start ? "ln-row ln-row-start nodrag" : "ln-row nodrag"}
          title={`${row.title} ${row.name} · ${said.trace}`}
          aria-label={`${said.trace} ${row.title || row.name}`}
          onClick={(event) => {
            event.stopPropagation();
            trace(row.id);
          }}
        >
          <span>{row.title || row.name}</span>
          {row.title !== row.name && <code>{row.name}</code>}
        </button>
      ))}
      {more > 0 && <span className="ln-note">{said.moreRows(more)}</span>}
    </div>
  );
}
