import { Button, Collapse, Grid, Table, type TableProps, Tag } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { useModel } from "../../api/model";
import { resourceAddress } from "../../parts/address";
import { ending, useTitles } from "../../parts/ResourcePick";
import { language } from "../../words/language";
import type { Group, GroupBy, Reached } from "./groups";
import { useImpactWords } from "./words";

export function Groups({ groups, by }: { groups: Group[]; by: GroupBy }) {
  const said = useImpactWords();
  const model = useModel();
  const chosen = language.use();
  const titleOf = (group: Group): string => {
    if (by === "type") return model.classLabel(group.key, chosen);
    if (by === "certainty") return said[group.key as "EXACT"];
    return group.title || group.key || said.nobody;
  };
  return (
    <Collapse
      key={by}
      defaultActiveKey={groups.slice(0, 3).map((group) => group.key || "-")}
      items={groups.map((group) => ({
        key: group.key || "-",
        label: (
          <span className="im-group">
            <strong>{titleOf(group)}</strong>
            {group.breaks > 0 && <Tag color="red">{`${said.breaks} ${group.breaks}`}</Tag>}
            {group.adapt > 0 && <Tag color="orange">{`${said["must adapt"]} ${group.adapt}`}</Tag>}
            {group.told > 0 && <Tag>{`${said.touched} ${group.told}`}</Tag>}
          </span>
        ),
        children: (
          <>
            {by === "department" && group.key && <Whom id={group.key} members={group.members} />}
            <Members members={group.members} by={by} />
          </>
        ),
      }))}
    />
  );
}

/** The department itself: its page has the posts and telephones, also where no entry names a contact. */
function Whom({ id, members }: { id: string; members: Reached[] }) {
  const said = useImpactWords();
  const called = members.some(({ contact }) => contact);
  return (
    <p className="soft small">
      {!called && `${said.uncalled} `}
      <Link to={resourceAddress(id)}>{said.departmentPage}</Link>
    </p>
  );
}

/** On a phone a name has no room beside these. */
const WIDE: NonNullable<TableProps["columns"]>[number]["responsive"] = ["md"];

function Members({ members, by }: { members: Reached[]; by: GroupBy }) {
  const said = useImpactWords();
  const model = useModel();
  const chosen = language.use();
  const [open, setOpen] = useState<readonly string[]>([]);
  const called = members.some(({ contact }) => contact);
  const wide = Grid.useBreakpoint().md ?? true;
  const toggle = (id: string) => setOpen((ids) => (ids.includes(id) ? ids.filter((one) => one !== id) : [...ids, id]));
  return (
    <Table<Reached>
      size="small"
      rowKey="id"
      dataSource={members}
      pagination={{ pageSize: 20, hideOnSinglePage: true, showSizeChanger: false }}
      tableLayout="fixed"
      scroll={wide ? { x: 530 + (called ? 230 : 0) + (by === "department" ? 0 : 220) } : undefined}
      expandable={{
        expandedRowKeys: open,
        showExpandColumn: false,
        expandedRowRender: (one) => <Path one={one} />,
      }}
      columns={[
        {
          title: said.name,
          render: (_, one) => (
            <span className="im-name">
              <Link to={resourceAddress(one.id)}>{one.title}</Link>
              <small className="soft">{[model.classLabel(one.type, chosen), placeOf(one)].filter(Boolean).join(" · ")}</small>
              {one.contact && <small className="im-called">{one.contact}</small>}
            </span>
          ),
        },
        {
          title: said.effect,
          width: wide ? 150 : 80,
          render: (_, one) => (
            <>
              <Effect effect={one.effect} />
              {one.due > 0 && <small className="soft">{said.due(one.due)}</small>}
            </>
          ),
        },
        { title: said.certainty, width: 90, responsive: WIDE, render: (_, one) => said[one.certainty] },
        ...(by === "department" ? [] : [{ title: said.department, width: 220, responsive: WIDE, render: (_: unknown, one: Reached) => one.departmentTitle || said.nobody }]),
        ...(called ? [{ title: said.contact, width: 230, responsive: WIDE, render: (_: unknown, one: Reached) => <span className="im-contact">{one.contact}</span> }] : []),
        {
          title: said.why,
          width: wide ? 90 : 76,
          render: (_, one) => (
            <Button type="link" size="small" aria-expanded={open.includes(one.id)} onClick={() => toggle(one.id)} aria-label={`${said.steps(one.depth)}，${said.why}: ${one.title}`}>
              {said.steps(one.depth)}
            </Button>
          ),
        },
      ]}
    />
  );
}

/** A column says of which table it is; what has a name of its own needs no more. */
function placeOf({ id }: Reached): string {
  const end = ending(id);
  return end.includes("#") ? end : "";
}

function Effect({ effect }: { effect: string }) {
  const said = useImpactWords();
  const colour = effect === "breaks" ? "red" : effect === "must adapt" ? "orange" : undefined;
  return <Tag color={colour}>{said[effect as "breaks"] ?? effect}</Tag>;
}

/** The way by which the change came here, link by link. */
function Path({ one }: { one: Reached }) {
  const said = useImpactWords();
  const model = useModel();
  const chosen = language.use();
  const ids = one.path.flatMap((step) => [step.origin, step.target]).filter(Boolean);
  const titles = useTitles([...new Set(ids)]);
  const name = (id: string) => titles.get(id) ?? ending(id);
  const first = one.path[0];
  return (
    <ol className="im-path">
      {first && (
        <li>
          <Link to={resourceAddress(first.origin)}>{name(first.origin)}</Link> <small className="soft">{said.start}</small>
        </li>
      )}
      {one.path.map((step, i) => (
        <li key={i}>
          <span className="soft">{model.label(step.type, chosen)}</span>
          {" → "}
          {step.target ? <Link to={resourceAddress(step.target)}>{name(step.target)}</Link> : "…"}
          {step.rule && <code>{step.rule.length > 160 ? `${step.rule.slice(0, 160)}…` : step.rule}</code>}
          {step.job && <small className="soft">{ending(step.job)}</small>}
        </li>
      ))}
    </ol>
  );
}
