// One link type: between which classes, and how each kind of change travels along it.
import { useModel } from "../../api/model";
import { inLanguage, language } from "../../words/language";
import { Classes } from "./ClassView";
import type { Whole } from "./ModelPage";
import { Ways } from "./Ways";
import { useModelWords } from "./words";

export function LinkView({ name, whole }: { name: string; whole: Whole }) {
  const said = useModelWords();
  const model = useModel();
  const chosen = language.use();
  const link = model.links.get(name);
  const told = whole.links.find((found) => found.name === name);
  if (!link || !told) return null;
  return (
    <section className="paper model-head">
      <h2>
        {inLanguage(link.label, chosen)} <code>{name}</code>
      </h2>
      <p>{inLanguage(told.definition, chosen)}</p>
      <dl className="model-facts">
        <div>
          <dt>{said.from}</dt>
          <dd><Classes names={link.domain} /></dd>
        </div>
        <div>
          <dt>{said.to}</dt>
          <dd><Classes names={link.range} /></dd>
        </div>
        <div>
          <dt>{said.inverse}</dt>
          <dd>{inLanguage(link.inverseLabel, chosen)} <code>{link.inverseName}</code></dd>
        </div>
        {told.clause && (
          <div>
            <dt>{said.clause}</dt>
            <dd>{told.clause}</dd>
          </div>
        )}
      </dl>
      <h3>{said.spreads}</h3>
      {told.spreads.length === 0 ? (
        <p className="soft">{said.noSpread}</p>
      ) : (
        <div className="spreads">
          {(["forward", "backward"] as const).map((direction) => {
            const along = told.spreads.filter((one) => one.direction === direction);
            return (
              along.length > 0 && (
                <section key={direction}>
                  <h4>{said[direction]}</h4>
                  <Ways spreads={along} />
                </section>
              )
            );
          })}
        </div>
      )}
    </section>
  );
}
