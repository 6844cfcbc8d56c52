// What to show and how: direction, steps, grouping, certainty, the second lane, the date.
import { Button, Checkbox, Dropdown, Input, Segmented, Select, Slider, Tooltip } from "antd";
import { useState } from "react";
import { SpanDocument } from "../../api/generated";
import { useModel } from "../../api/model";
import { useAsk } from "../../api/use";
import { download } from "../../parts/download";
import { dayOf, today } from "../../parts/moment";
import type { Laid } from "./layout";
import type { Grouping, Picture } from "./picture";
import { mermaidOf, pngOf, svgOf } from "./saved";
import { type Direction, useAddress } from "./state";
import { useLineageWords } from "./words";

interface ToolbarProps {
  picture: Picture;
  /** By what it is gathered, chosen or not. */
  group?: Grouping;
  laid?: { picture: Picture; laid: Laid };
  title: string;
  found: number;
  onNext: () => void;
}

export function Toolbar({ picture, group, laid, title, found, onNext }: ToolbarProps) {
  const said = useLineageWords();
  const [address, change] = useAddress();
  return (
    <div className="ln-tools" role="toolbar" aria-label={said.title}>
      <Segmented<Direction>
        aria-label={said.direction}
        value={address.direction}
        onChange={(direction) => change({ direction })}
        options={[
          { value: "BOTH", label: said.both },
          { value: "UPSTREAM", label: said.upstream },
          { value: "DOWNSTREAM", label: said.downstream },
        ]}
      />
      <Select
        aria-label={said.steps}
        value={address.depth ?? 0}
        onChange={(depth) => change({ depth: depth || null })}
        options={[1, 2, 3, 5, 0].map((n) => ({ value: n, label: n ? said.step(n) : said.allSteps }))}
        popupMatchSelectWidth={false}
      />
      <Select<Grouping | "none">
        aria-label={said.group}
        value={group ?? "none"}
        onChange={(group) => change({ group, opened: [] })}
        options={[
          { value: "none", label: said.ungrouped },
          { value: "system", label: said.bySystem },
          { value: "department", label: said.byDepartment },
        ]}
        popupMatchSelectWidth={false}
      />
      <Tooltip title={said.coarseHelp}>
        <Checkbox checked={address.coarse} disabled={!picture.coarse && !address.coarse} onChange={(event) => change({ coarse: event.target.checked })}>
          {said.coarse(picture.coarse)}
        </Checkbox>
      </Tooltip>
      <Tooltip title={said.laneHelp}>
        <Checkbox checked={address.lane} onChange={(event) => change({ lane: event.target.checked })}>
          {said.lane}
        </Checkbox>
      </Tooltip>
      <Find found={found} onNext={onNext} />
      <Segmented
        aria-label={said.picture}
        value={address.list ? "list" : "picture"}
        onChange={(as) => change({ list: as === "list" })}
        options={[
          { value: "picture", label: said.picture },
          { value: "list", label: said.list },
        ]}
      />
      <Export laid={laid} title={title} />
      <Time />
    </div>
  );
}

function Find({ found, onNext }: { found: number; onNext: () => void }) {
  const said = useLineageWords();
  const [address, change] = useAddress();
  return (
    <Input
      className="ln-find"
      aria-label={said.search}
      placeholder={said.search}
      allowClear
      value={address.search}
      onChange={(event) => change({ search: event.target.value })}
      onPressEnter={onNext}
      suffix={address.search && <span className="soft number">{found || said.none}</span>}
    />
  );
}

function Export({ laid, title }: { laid: ToolbarProps["laid"]; title: string }) {
  const said = useLineageWords();
  const save = async (kind: string) => {
    if (!laid) return;
    const style = getComputedStyle(document.documentElement);
    const colour = (name: string) => style.getPropertyValue(name).trim();
    const name = `${said.title}-${title}`.replace(/[\\/:*?"<>|]/g, "_");
    if (kind === "mermaid") return download(`${name}.mmd`, mermaidOf(laid.picture));
    const svg = svgOf(laid.picture, laid.laid, colour, title);
    if (kind === "svg") return download(`${name}.svg`, svg, "image/svg+xml");
    download(`${name}.png`, await pngOf(svg));
  };
  return (
    <Dropdown
      disabled={!laid}
      trigger={["click"]}
      menu={{
        items: ["png", "svg", "mermaid"].map((key) => ({ key, label: key === "mermaid" ? "Mermaid" : key.toUpperCase() })),
        onClick: ({ key }) => void save(key),
      }}
    >
      <Button>{said.exportAs}</Button>
    </Dropdown>
  );
}

const DAY = 86_400_000;
/** Days as numbers, so that a slider can count them. */
const numberOf = (day: string) => Math.floor(Date.parse(day) / DAY);
const dayAt = (number: number) => new Date(number * DAY).toISOString().slice(0, 10);

/** The day, by the ledger's clock, as of whose end the picture is drawn; all the way to the right is now. */
function Time() {
  const said = useLineageWords();
  const [address, change] = useAddress();
  const asked = useAsk(SpanDocument, {});
  const first = asked.data?.commits.nodes[0]?.at;
  const [drawn, setDrawn] = useState<number>();
  const { zone } = useModel();
  if (!first) return null;
  const start = numberOf(dayOf(first, zone));
  const end = Math.max(numberOf(today(zone)), start) + 1;
  const chosen = drawn ?? (address.at ? numberOf(dayOf(address.at, zone)) : end);
  const past = chosen < end;
  return (
    <div className="ln-time">
      <span className="soft">{said.time}</span>
      <span className="number soft">{dayAt(start)}</span>
      <Slider
        min={start}
        max={end}
        value={Math.min(Math.max(chosen, start), end)}
        onChange={setDrawn}
        onChangeComplete={(day) => {
          setDrawn(undefined);
          change({ at: day >= end ? undefined : dayAt(day) });
        }}
        tooltip={{ formatter: (day) => (day === undefined || day >= end ? said.now : dayAt(day)) }}
        ariaLabelForHandle={said.time}
      />
      <strong className="number">{past ? dayAt(chosen) : said.now}</strong>
      {address.at && (
        <>
          <Checkbox checked={address.compare} onChange={(event) => change({ compare: event.target.checked })}>
            {said.compare}
          </Checkbox>
          <Button size="small" onClick={() => change({ at: undefined })}>
            {said.now}
          </Button>
        </>
      )}
    </div>
  );
}
