// All that is known, in the model's groups and order. Long texts take the whole width.
import { type AttributeOf, useModel } from "../../api/model";
import { grouped } from "../../parts/grouped";
import { Nothing } from "../../parts/states";
import { Value } from "../../parts/Value";
import { inLanguage, language, useLabel } from "../../words/language";
import type { Resource } from "./ResourcePage";
import { useResourceWords } from "./words";

const LONG = 40;

export function Attributes({ resource }: { resource: Resource }) {
  const said = useResourceWords();
  const label = useLabel();
  const chosen = language.use();
  const model = useModel();
  const told = new Map(resource.attributes.map(({ name, value }) => [name, value]));
  const known = (model.classes.get(resource.type)?.attributes ?? [])
    .filter(({ name }) => told.has(name) && told.get(name) !== resource.title)
    .sort((a, b) => a.order - b.order);
  if (known.length === 0) return <Nothing>{said.noAttributes}</Nothing>;
  const groups = grouped(known, ({ group }) => inLanguage(group, chosen));
  return (
    <div className="groups">
      {[...groups].map(([group, attributes]) => (
        <section key={group} className="group">
          <h3>{group}</h3>
          <dl>
            {attributes.map((attribute) => {
              const value = told.get(attribute.name) ?? "";
              return (
                <div key={attribute.name} className={isLong(attribute, value) ? "long" : undefined}>
                  <dt>{label(attribute.label)}</dt>
                  <dd>
                    <Value attribute={attribute} value={value} />
                  </dd>
                </div>
              );
            })}
          </dl>
        </section>
      ))}
    </div>
  );
}

const isLong = ({ datatype }: AttributeOf, value: unknown) =>
  datatype === "text" || String(value).length > LONG;
