// What saving would do: what must be mended, what changes, whom it touches.
import { Alert, Tag } from "antd";
import { Link } from "react-router";
import { useModel } from "../../api/model";
import { resourceAddress } from "../../parts/address";
import { ending } from "../../parts/ResourcePick";
import { language, useLabel } from "../../words/language";
import type { Changed, Preview as PreviewOf, Told } from "./asking";
import type { Field } from "./form";
import { useEditWords } from "./words";

interface PreviewProps {
  id?: string;
  dirty: boolean;
  checking: boolean;
  told?: Changed;
  wrong: ReadonlyMap<string, Told[]>;
  fields: readonly Field[];
}

export function Preview({ id, dirty, checking, told, wrong, fields }: PreviewProps) {
  const said = useEditWords();
  const label = useLabel();
  if (!dirty) return <p className="soft">{said.nothing}</p>;
  if (checking) return <p role="status">{said.checking}</p>;
  if (wrong.size) {
    const count = [...wrong.values()].flat().length;
    return (
      <Alert
        type="error"
        showIcon
        title={said.problems(count)}
        description={
          <ul>
            {[...wrong].map(([name, problems]) => {
              const field = fields.find((one) => one.name === name);
              return problems.map((one, i) => (
                <li key={`${name}${i}`}>
                  {field ? <a href={`#ed-${name}`}>{label(field.label)}</a> : null} {one.what}
                </li>
              ));
            })}
          </ul>
        }
      />
    );
  }
  if (!told?.preview) return null;
  return (
    <>
      {told.warnings.length > 0 ? <Alert type="warning" showIcon title={said.warnings(told.warnings.length)} /> : <Alert type="success" showIcon title={said.fine} />}
      <Differences preview={told.preview} />
      <Whom id={id} preview={told.preview} />
    </>
  );
}

function Differences({ preview }: { preview: PreviewOf }) {
  const said = useEditWords();
  const model = useModel();
  const chosen = language.use();
  return (
    <section>
      <h3>{said.differences}</h3>
      <dl className="ed-changes">
        {preview.attributes.map((one) => (
          <div key={one.name}>
            <dt>{model.label(one.name, chosen)}</dt>
            <dd>
              {one.before !== null && <del>{shown(one.before)}</del>} {one.after !== null && <ins>{shown(one.after)}</ins>}
            </dd>
          </div>
        ))}
        {[...preview.linked.map((one) => ({ ...one, added: true })), ...preview.unlinked.map((one) => ({ ...one, added: false }))].map((one) => {
          const title = one.node?.title ?? ending(one.target);
          return (
            <div key={`${one.type}${one.target}`}>
              <dt>{model.linkLabel(one.type, "FORWARD", chosen)}</dt>
              <dd>{one.added ? <ins>{title}</ins> : <del>{title}</del>}</dd>
            </div>
          );
        })}
      </dl>
    </section>
  );
}

const shown = (value: unknown): string => (Array.isArray(value) ? value.join("；") : String(value));
const LISTED = 12;

function Whom({ id, preview }: { id?: string; preview: PreviewOf }) {
  const said = useEditWords();
  const { impact, kinds } = preview;
  const reached = impact ? [...impact.affected, ...impact.touched] : [];
  return (
    <section>
      <h3>{said.whom}</h3>
      {kinds.length > 0 && (
        <p>
          {said.kinds} {kinds.map((kind) => <Tag key={kind}>{said[kind as "RENAME"]}</Tag>)}
        </p>
      )}
      {!impact || !reached.length ? (
        <p className="soft">{said.nobody}</p>
      ) : (
        <>
          <p>
            <strong className="number">{impact.counts.exact + impact.counts.indirect + impact.counts.coarse}</strong> {said.affected}
            {" · "}
            <strong className="number">{impact.counts.touched}</strong> {said.touched}
          </p>
          <ul className="ed-whom">
            {reached.slice(0, LISTED).map((one) => (
              <li key={one.id}>
                <Link to={resourceAddress(one.id)} target="_blank">
                  {one.title}
                </Link>
                <small className="soft">{one.departmentTitle}</small>
              </li>
            ))}
          </ul>
          {id && kinds[0] && (
            <Link to={`/impact?${new URLSearchParams({ id, change: kinds[0].toLowerCase() })}`} target="_blank">
              {said.open}
            </Link>
          )}
        </>
      )}
    </section>
  );
}
