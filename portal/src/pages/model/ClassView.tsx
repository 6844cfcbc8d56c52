// One class: what it is, what it records, what it is linked with.
import { Link } from "react-router";
import { StatisticsOfDocument } from "../../api/generated";
import { type AttributeOf, type LinkOf, useModel } from "../../api/model";
import { useAsk } from "../../api/use";
import { searchAddress } from "../../parts/address";
import { FileLink } from "../../parts/FileLink";
import { grouped } from "../../parts/grouped";
import { number } from "../../parts/numbers";
import { inLanguage, language } from "../../words/language";
import { modelAddress, type Whole } from "./ModelPage";
import { useModelWords } from "./words";

export function ClassView({ name, whole }: { name: string; whole: Whole }) {
  const said = useModelWords();
  const model = useModel();
  const chosen = language.use();
  const kind = model.classes.get(name);
  const told = whole.classes.find((found) => found.name === name);
  if (!kind || !told) return null;
  const children = [...model.classes.values()].filter(({ ancestors }) => ancestors[0] === name);
  return (
    <>
      <section className="paper model-head">
        <h2>
          {inLanguage(kind.label, chosen)} <code>{name}</code>
        </h2>
        <p>{inLanguage(told.definition, chosen)}</p>
        <dl className="model-facts">
          {told.parents.length > 0 && <Fact label={said.parents}><Classes names={told.parents} /></Fact>}
          {children.length > 0 && <Fact label={said.children}><Classes names={children.map((child) => child.name)} /></Fact>}
          <Fact label={said.family}><code>{kind.family}:</code></Fact>
          {told.clause && <Fact label={said.clause}>{told.clause}</Fact>}
          {told.aligned.length > 0 && <Fact label={said.aligned}>{told.aligned.map(short).join("、")}</Fact>}
        </dl>
        <p className="model-ways">
          <Count types={model.concrete(name).map((each) => each.name)} />
          {!kind.abstract && <FileLink path={`/template/${name}.xlsx`}>{said.template}</FileLink>}
        </p>
      </section>
      <section className="paper">
        <h2>{said.picture}</h2>
        <Around name={name} />
      </section>
      <section className="paper">
        <h2>{said.attributes}</h2>
        <AttributeTable attributes={kind.attributes} told={told} />
      </section>
    </>
  );
}

const short = (address: string) => address.replace(/^.*[/#]/, "");

function Fact({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

export function Classes({ names }: { names: readonly string[] }) {
  const said = useModelWords();
  const model = useModel();
  const chosen = language.use();
  if (names.length === 0) return said.any;
  return names.map((name, index) => (
    <span key={name}>
      {index > 0 && "、"}
      <Link to={modelAddress("class", name)}>{model.classLabel(name, chosen)}</Link>
    </span>
  ));
}

function Count({ types }: { types: string[] }) {
  const said = useModelWords();
  const asked = useAsk(StatisticsOfDocument, { types });
  if (!asked.data) return null;
  return <Link to={searchAddress({ chosen: { type: types } })}>{said.count(number(asked.data.statistics.total))}</Link>;
}

/** The class between those that point at it and those that it points to. */
function Around({ name }: { name: string }) {
  const said = useModelWords();
  const model = useModel();
  const chosen = language.use();
  const kind = model.classes.get(name);
  const links = (names: readonly string[]) => names.flatMap((each) => model.links.get(each) ?? []);
  return (
    <div className="around">
      <Ends title={said.pointsAt} links={links(kind?.inverseLinks ?? [])} ends={({ domain }) => domain} label={({ label }) => inLanguage(label, chosen)} arrow="→" />
      <p className="around-here">{kind && inLanguage(kind.label, chosen)}</p>
      <Ends title={said.pointsTo} links={links(kind?.links ?? [])} ends={({ range }) => range} label={({ label }) => inLanguage(label, chosen)} arrow="→" first />
    </div>
  );
}

function Ends({
  title,
  links,
  ends,
  label,
  arrow,
  first = false,
}: {
  title: string;
  links: LinkOf[];
  ends: (link: LinkOf) => readonly string[];
  label: (link: LinkOf) => string;
  arrow: string;
  first?: boolean;
}) {
  return (
    <div className="ends">
      <h3>{title}</h3>
      <ul>
        {links.map((link) => {
          const name = (
            <Link className="link-name" to={modelAddress("link", link.name)}>
              {label(link)}
            </Link>
          );
          return (
            <li key={link.name} className={link.lineage ? "lineage" : undefined}>
              {first && <>{name} <span aria-hidden="true">{arrow}</span> </>}
              <span><Classes names={ends(link)} /></span>
              {!first && <> {name} <span aria-hidden="true">{arrow}</span></>}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function AttributeTable({ attributes, told }: { attributes: readonly AttributeOf[]; told: Whole["classes"][number] }) {
  const said = useModelWords();
  const model = useModel();
  const chosen = language.use();
  const details = new Map(told.attributes.map((attribute) => [attribute.name, attribute]));
  const groups = grouped(
    [...attributes].sort((a, b) => a.order - b.order),
    ({ group }) => inLanguage(group, chosen),
  );
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label={said.attributes}>
      <table className="model-table model-attributes">
        <thead>
          <tr>
            <th>{said.name}</th>
            <th>{said.datatype}</th>
            <th>{said.definition}</th>
            <th>{said.clause}</th>
          </tr>
        </thead>
        {[...groups].map(([group, members]) => (
          <tbody key={group}>
            <tr>
              <th colSpan={4} scope="rowgroup" className="soft">
                {group}
              </th>
            </tr>
            {members.map(({ name, label, datatype, many, codeList }) => {
              const detail = details.get(name);
              return (
                <tr key={name}>
                  <td>
                    {inLanguage(label, chosen)}
                    <br />
                    <code className="small soft">{name}</code>
                  </td>
                  <td>
                    {codeList ? (
                      <Link to={modelAddress("codes", codeList)}>{inLanguage(model.codeLists.get(codeList)?.label ?? { zh: codeList, en: codeList }, chosen)}</Link>
                    ) : (
                      (said.datatypes[datatype as keyof typeof said.datatypes] ?? datatype)
                    )}
                    <br />
                    <span className="small soft">
                      {[detail?.required && said.required, many && said.many].filter(Boolean).join("、")}
                    </span>
                  </td>
                  <td>{detail && inLanguage(detail.definition, chosen)}</td>
                  <td className="small soft">{detail?.clause}</td>
                </tr>
              );
            })}
          </tbody>
        ))}
      </table>
    </div>
  );
}
