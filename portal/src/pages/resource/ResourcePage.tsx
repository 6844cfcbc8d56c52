// One layout for every class. What it shows, in which groups and order and with which words,
// comes from the model: a class that somebody added has this page as it is.
import "./resource.css";
import { Button } from "antd";
import { Fragment, type ReactNode } from "react";
import { Link } from "react-router";
import { HistoryDocument, ResourceDocument, type ResourceQuery } from "../../api/generated";
import { type ClassOf, type Model, useModel } from "../../api/model";
import { askAhead, useAsk } from "../../api/use";
import { resourceAddress, useParameter } from "../../parts/address";
import { Badge } from "../../parts/Badge";
import { Answer, Nothing } from "../../parts/states";
import { useTitle } from "../../parts/title";
import { useCommon } from "../../words/common";
import { language } from "../../words/language";
import { Attributes } from "./Attributes";
import { Conflicts } from "./Conflicts";
import { History } from "./History";
import { Links } from "./Links";
import { Machine } from "./Machine";
import { Neighbours } from "./Neighbours";
import { Parts } from "./Parts";
import { useResourceWords } from "./words";

export type Resource = NonNullable<ResourceQuery["resource"]>;

export function ahead(told: URLSearchParams) {
  const id = told.get("id");
  if (id) void askAhead(HistoryDocument, { id });
}

export default function ResourcePage() {
  const [id = ""] = useParameter("id");
  const [at] = useParameter("at");
  const model = useModel();
  const asked = useAsk(ResourceDocument, { id, at: at ?? null, types: wholeLinks(model) }, { enabled: id !== "" });
  useTitle(asked.data?.resource?.title);
  if (id === "") return <Unknown id={id} />;
  return (
    <Answer asked={asked} rows={12}>
      {({ resource }) => (resource ? <Known key={resource.id} resource={resource} at={at} /> : <Unknown id={id} />)}
    </Answer>
  );
}

/** Links to parts may be thousands; they are a table of their own, asked for apart. */
const wholeLinks = (model: Model) => [...model.links.values()].filter((link) => !link.partOf).map(({ name }) => name);

/** The links to parts that resources of this class may have. */
export function partLinks(kind: ClassOf | undefined, model: Model) {
  return (kind?.links ?? []).flatMap((name) => {
    const link = model.links.get(name);
    return link?.partOf ? [link] : [];
  });
}

function Known({ resource, at }: { resource: Resource; at: string | undefined }) {
  const said = useResourceWords();
  const model = useModel();
  const chosen = language.use();
  const parts = partLinks(model.classes.get(resource.type), model);
  const mounted = resource.forward.edges.find(({ link }) => link === "mounts")?.node ?? registered(resource);
  return (
    <article className="resource">
      <Head resource={resource} at={at} />
      <div className="resource-columns">
        <div className="resource-main">
          <Section id="attributes" title={said.attributes}>
            <Attributes resource={resource} />
          </Section>
          {resource.conflicts.length > 0 && (
            <Section id="conflicts" title={said.conflicts(resource.conflicts.length)}>
              <Conflicts resource={resource} />
            </Section>
          )}
          {parts.map((link) => (
            <Parts key={link.name} id={resource.id} at={at} link={link.name} title={link.label[chosen]} />
          ))}
          <Neighbours id={resource.id} type={resource.type} at={at} through={mounted ?? undefined} />
          <Section id="history" title={said.history}>
            <History id={resource.id} type={resource.type} />
          </Section>
          <Section id="machine" title={said.machine} className="no-print">
            <Machine resource={resource} />
          </Section>
        </div>
        <aside aria-label={said.links}>
          <Links resource={resource} at={at} />
        </aside>
      </div>
    </article>
  );
}

/** What the data resource of an entry at the business level mounts. */
function registered(resource: Resource) {
  const [data] = "materialisedBy" in resource ? resource.materialisedBy.nodes : [];
  return data && "mounts" in data ? data.mounts.nodes[0] : undefined;
}

export function Section({
  id,
  title,
  className = "",
  children,
}: {
  id: string;
  title: string;
  className?: string;
  children: ReactNode;
}) {
  return (
    <section id={id} className={`paper ${className}`} aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{title}</h2>
      {children}
    </section>
  );
}

function Head({ resource, at }: { resource: Resource; at: string | undefined }) {
  const said = useResourceWords();
  const common = useCommon();
  const model = useModel();
  const chosen = language.use();
  const others = resource.names.filter((name) => name !== resource.id);
  return (
    <header className="resource-head">
      <p className="kinds">
        {[...(model.classes.get(resource.type)?.ancestors ?? [])].reverse().map((name) => (
          <Fragment key={name}>{model.classLabel(name, chosen)} › </Fragment>
        ))}
        <strong>{model.classLabel(resource.type, chosen)}</strong>
      </p>
      <div className="resource-title">
        <h1>{resource.title}</h1>
        {resource.placeholder && <Badge>{common.placeholder}</Badge>}
        {resource.retired && <Badge tone="bad">{common.retired}</Badge>}
        <Actions id={resource.id} type={resource.type} />
      </div>
      <p className="soft small">
        <code>{resource.id}</code>
        {others.length > 0 && (
          <>
            {" "}
            {said.also} <code>{others.join(" ")}</code>
          </>
        )}
        {" · "}
        {said.version(resource.version)} · <span title={resource.sources.join("、")}>{said.sources(resource.sources.length)}</span>
      </p>
      {at && (
        <p className="note">
          {/^\d{1,7}$/.test(at) ? said.asOf(at) : said.asOfDay(at)} <Link to={resourceAddress(resource.id)}>{said.now}</Link>
        </p>
      )}
      {resource.placeholder && <p className="note">{said.placeholder}</p>}
      {resource.retired && <p className="note">{said.retired}</p>}
    </header>
  );
}

/** Ways on. */
function Actions({ id, type }: { id: string; type: string }) {
  const said = useResourceWords();
  const told = new URLSearchParams({ id });
  const pages: [string, string][] = [
    [`/lineage?${told}`, said.lineage],
    [`/impact?${told}`, said.impact],
    [`/edit?${told}`, said.edit],
    [`/edit?${new URLSearchParams({ type })}`, said.another],
  ];
  return (
    <nav className="actions no-print" aria-label={said.sections}>
      {pages.map(([path, label]) => (
        <Link key={path} to={path} className="action">
          {label}
        </Link>
      ))}
      <Button onClick={() => window.print()}>{said.print}</Button>
    </nav>
  );
}

function Unknown({ id }: { id: string }) {
  const said = useResourceWords();
  return (
    <div className="paper">
      <h1>{said.missing}</h1>
      <Nothing>
        {said.missingText} {id && <code>{id}</code>}
      </Nothing>
    </div>
  );
}
