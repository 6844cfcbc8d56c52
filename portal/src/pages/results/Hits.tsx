// The hits. ↑ ↓ walk from title to title, Enter opens the one in focus, as any link.
import { type KeyboardEvent, useEffect, useRef } from "react";
import { Link, useSearchParams } from "react-router";
import type { ResultsQuery } from "../../api/generated";
import { type Model, useModel } from "../../api/model";
import { resourceAddress, searchAddress, type SearchState } from "../../parts/address";
import { Badge, toneOf } from "../../parts/Badge";
import { grouped } from "../../parts/grouped";
import { Marked } from "../../parts/Marked";
import { time } from "../../parts/moment";
import { isSql } from "../../parts/sql";
import { useCommon } from "../../words/common";
import { language } from "../../words/language";
import { useResultsWords } from "./words";

type Found = ResultsQuery["search"];
type Hit = Found["hits"][number];
type Resource = NonNullable<Hit["resource"]>;

export function Hits({ search, state }: { search: Found; state: SearchState }) {
  const said = useResultsWords();
  const [told] = useSearchParams();
  const list = useRef<HTMLOListElement>(null);
  useFirstArrow(list);
  const { hasNextPage, endCursor } = search.pageInfo;
  return (
    <>
      <ol className="hits" ref={list} onKeyDown={walk}>
        {search.hits.map((hit) => (
          <HitLine key={hit.id} hit={hit} />
        ))}
      </ol>
      <p className="pages">
        {told.has("after") && <Link to={searchAddress(state)}>{said.first}</Link>}
        {hasNextPage && endCursor && (
          <Link to={`${searchAddress(state)}&${new URLSearchParams({ after: endCursor })}`}>{said.next}</Link>
        )}
        <span className="soft small keys">{said.keys}</span>
      </p>
    </>
  );
}

function HitLine({ hit }: { hit: Hit }) {
  const common = useCommon();
  const model = useModel();
  const chosen = language.use();
  const title = hit.highlights.find(({ text }) => text === hit.title);
  const text = hit.resource && textOf(hit, hit.resource, model);
  const rest = grouped(
    hit.highlights.filter((found) => found !== title && found !== text),
    ({ field }) => field,
  );
  return (
    <li>
      <h2>
        <Link to={resourceAddress(hit.id)} className="hit-title">
          {title ? <Marked text={title.text} spans={title.spans} /> : hit.title}
        </Link>
        <Badge tone="plain">{model.classLabel(hit.type, chosen)}</Badge>
        {hit.resource?.placeholder && <Badge title={common.placeholderTitle}>{common.placeholder}</Badge>}
        {hit.resource?.retired && <Badge tone="bad">{common.retired}</Badge>}
      </h2>
      {text && (
        <p className="hit-text">
          <Marked text={text.text} spans={text.spans} />
        </p>
      )}
      {hit.resource && <Facts type={hit.type} resource={hit.resource} />}
      {[...rest].slice(0, 3).map(([field, found]) => (
        <p key={field} className="hit-match">
          <span className="soft">{model.label(field, chosen)}</span>{" "}
          {found.slice(0, 6).map(({ text, spans }, index) => (
            <span key={text}>
              {index > 0 && "、"}
              <Marked text={text} spans={spans} />
            </span>
          ))}
        </p>
      ))}
    </li>
  );
}

/** The first longer text that the resource has, with its matches where there are any. */
function textOf(hit: Hit, resource: Resource, model: Model) {
  const told = new Map(resource.attributes.map(({ name, value }) => [name, value]));
  const texts = model.classes.get(hit.type)?.attributes.filter(({ datatype }) => datatype === "text") ?? [];
  const name = texts.sort((a, b) => a.order - b.order).find((a) => told.has(a.name))?.name;
  const text = String(told.get(name ?? "") ?? "");
  if (!name || text === hit.title || isSql(text)) return undefined;
  return hit.highlights.find(({ field }) => field === name) ?? { field: name, text, spans: [] };
}

/** Who answers for it, and the codes that readers filter by: sharing, opening, level … */
function Facts({ type, resource }: { type: string; resource: Resource }) {
  const said = useResultsWords();
  const model = useModel();
  const chosen = language.use();
  const told = new Map(resource.attributes.map(({ name, value }) => [name, value]));
  const codes = model.classes.get(type)?.attributes.filter((a) => a.facet && a.datatype === "code" && !a.many && says(told.get(a.name))) ?? [];
  const owner = ownerOf(resource);
  const updated = told.get("dataUpdatedAt");
  if (!owner && codes.length === 0 && !updated) return null;
  return (
    <p className="hit-facts">
      {owner && <Link to={resourceAddress(owner.id)}>{owner.title}</Link>}
      {codes.slice(0, 5).map(({ name, codeList, label }) => {
        const code = String(told.get(name));
        return (
          <Badge key={name} tone={toneOf(code)} title={label[chosen]}>
            {model.code(codeList, code, chosen)}
          </Badge>
        );
      })}
      {updated !== undefined && <span className="soft">{said.updated(time(String(updated), model.zone))}</span>}
    </p>
  );
}

/** Whether a code tells a hurried reader anything: 无 and 其他 do not. */
const says = (code: unknown) => code !== undefined && code !== "无" && code !== "其他";

/** The one resource that places this one: its provider, its system, what it is part of. */
function ownerOf(resource: Resource): { id: string; title: string } | undefined {
  const pages = Object.values(resource).filter(
    (value): value is { nodes: { id: string; title: string }[] } =>
      typeof value === "object" && value !== null && "nodes" in value,
  );
  return pages[0]?.nodes[0];
}

function titles(list: HTMLOListElement): HTMLElement[] {
  return [...list.querySelectorAll<HTMLElement>(".hit-title")];
}

function walk(event: KeyboardEvent<HTMLOListElement>) {
  const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (!by) return;
  const all = titles(event.currentTarget);
  const next = all[all.indexOf(document.activeElement as HTMLElement) + by];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

/** ↓ from nowhere in particular goes to the first hit. */
function useFirstArrow(list: React.RefObject<HTMLOListElement | null>) {
  useEffect(() => {
    const pressed = (event: globalThis.KeyboardEvent) => {
      const idle = document.activeElement === document.body || document.activeElement?.id === "main";
      if (event.key !== "ArrowDown" || !idle || !list.current) return;
      event.preventDefault();
      titles(list.current)[0]?.focus();
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, [list]);
}
