// How much is done, and what is missing: both open their list.
import { Link } from "react-router";
import type { StatisticsQuery } from "../../api/generated";
import { searchAddress } from "../../parts/address";
import { number, share } from "../../parts/numbers";
import { useCounts } from "./asking";
import { Figure } from "./Figure";
import { type Cover, covers, statesOf } from "./figures";
import { listAddress } from "./Listed";
import { useStatisticsWords } from "./words";

export function Coverage({ data, entries, datasets }: { data: StatisticsQuery; entries: string[]; datasets: string[] }) {
  const said = useStatisticsWords();
  const to = searchAddress({ chosen: { type: datasets } });
  const { total, derived } = data.datasets;
  return (
    <Figure title={said.coverage} text={said.coverageText} size="wide">
      <ul className="covers">
        {covers(entries).map((cover) => (
          <Covered key={cover.name} cover={cover} />
        ))}
        {typeof derived === "number" && (
          <CoverLine label={said.cover.lineage} done={derived} all={total} to={to} missing={listAddress("underived")} />
        )}
      </ul>
    </Figure>
  );
}

function Covered({ cover }: { cover: Cover }) {
  const said = useStatisticsWords();
  const states = statesOf(cover);
  const [done, all] = useCounts([states.done, states.all]);
  return (
    <CoverLine
      label={said.cover[cover.name]}
      done={done}
      all={all}
      to={searchAddress(states.done)}
      missing={searchAddress(states.missing)}
    />
  );
}

function CoverLine({ label, done, all, to, missing }: { label: string; done?: number; all?: number; to: string; missing?: string }) {
  const said = useStatisticsWords();
  if (done === undefined || all === undefined) return <li className="cover">{label}</li>;
  const left = said.missing(number(all - done));
  return (
    <li className="cover">
      <Link to={to}>
        <span className="cover-head">
          <span>{label}</span>
          <strong className="number">{share(done, all)}</strong>
        </span>
        <span className="bar-track" aria-hidden="true">
          <span className="bar" style={{ width: `${all ? (100 * done) / all : 0}%` }} />
        </span>
      </Link>
      <p className="small soft">
        <span className="number">
          {number(done)} / {number(all)}
        </span>{" "}
        {done === all ? said.complete : missing ? <Link to={missing}>{left}</Link> : left}
      </p>
    </li>
  );
}
