// One link type: between which classes, and how each kind of change travels along it.
import { useModel } from "../../api/model";
import { Badge } from "../../parts/Badge";
import { useChangeWords } from "../../words/change";
import { inLanguage, language } from "../../words/language";
import { Classes } from "./ClassView";
import type { Whole } from "./ModelPage";
import { useModelWords } from "./words";

type Spread = Whole["links"][number]["spreads"][number];

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
        <ul className="spreads">
          {told.spreads.map((spread, index) => (
            <SpreadLine key={`${spread.direction} ${index}`} spread={spread} />
          ))}
        </ul>
      )}
    </section>
  );
}

function SpreadLine({ spread }: { spread: Spread }) {
  const said = useModelWords();
  const change = useChangeWords();
  const kind = (name: string) => change.kinds[name as keyof typeof change.kinds] ?? name;
  const way = change.ways[spread.way as keyof typeof change.ways] ?? spread.way;
  return (
    <li>
      <p>
        {spread.direction === "forward" ? said.forward : said.backward} · <strong>{way}</strong>{" "}
        {spread.adapt && <Badge tone="warn">{said.adapt}</Badge>} {spread.startOnly && <Badge>{said.startOnly}</Badge>}{" "}
        {spread.derivations.some(Boolean) && (
          <span className="soft small">{said.when(spread.derivations.filter(Boolean).join("、"))}</span>
        )}
      </p>
      <p className="translations">
        {spread.kinds.map(({ accepts, becomes }) => (
          <span key={accepts}>
            {kind(accepts)}
            {becomes !== accepts && ` → ${kind(becomes)}`}
          </span>
        ))}
      </p>
    </li>
  );
}
