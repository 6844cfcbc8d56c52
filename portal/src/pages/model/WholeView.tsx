// The model in one picture, and in one table: every link, and how a change travels along it.
import { useMemo } from "react";
import { Link, useNavigate } from "react-router";
import { useModel } from "../../api/model";
import Chart from "../../parts/chart/later";
import { inLanguage, language } from "../../words/language";
import { Classes } from "./ClassView";
import { drawn } from "./drawn";
import { modelAddress, type Whole } from "./ModelPage";
import { Ways } from "./Ways";
import { useModelWords } from "./words";

/** As high as wide where the window is narrow. */
const HEIGHT = "min(760px, 88vw)";

export function WholeView({ whole }: { whole: Whole }) {
  const said = useModelWords();
  const model = useModel();
  const chosen = language.use();
  const go = useNavigate();
  const { knots, ties } = useMemo(
    () => drawn(model.classes.values(), model.links.values(), chosen, said.parents),
    [model, chosen, said],
  );
  const picture = useMemo(() => ({ kind: "graph" as const, knots, ties }), [knots, ties]);
  return (
    <>
      <section className="paper">
        <h2>{said.wholePicture}</h2>
        <p className="soft small">{said.wholeText(knots.length, model.links.size)}</p>
        <div className="whole-picture">
          <Chart
            picture={picture}
            label={said.wholeLabel}
            height={HEIGHT}
            onPick={(index) => {
              const name = knots[index]?.name;
              if (name) void go(modelAddress("class", name));
            }}
          />
        </div>
      </section>
      <section className="paper">
        <h2>{said.spreads}</h2>
        <p className="soft small">{said.spreadsText}</p>
        <SpreadTable whole={whole} />
      </section>
    </>
  );
}

function SpreadTable({ whole }: { whole: Whole }) {
  const said = useModelWords();
  const model = useModel();
  const chosen = language.use();
  const spreads = new Map(whole.links.map((link) => [link.name, link.spreads]));
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label={said.spreads}>
      <table className="model-table model-spreads">
        <thead>
          <tr>
            <th>{said.from}</th>
            <th>{said.links}</th>
            <th>{said.to}</th>
            <th>{said.forward}</th>
            <th>{said.backward}</th>
          </tr>
        </thead>
        <tbody>
          {[...model.links.values()].map((link) => (
            <tr key={link.name}>
              <td><Classes names={link.domain} /></td>
              <td className="model-spread">
                <Link to={modelAddress("link", link.name)}>{inLanguage(link.label, chosen)}</Link>
              </td>
              <td><Classes names={link.range} /></td>
              {(["forward", "backward"] as const).map((direction) => (
                <td key={direction} data-label={said[direction]}>
                  <Ways spreads={(spreads.get(link.name) ?? []).filter((one) => one.direction === direction)} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
