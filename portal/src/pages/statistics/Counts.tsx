// What a chart shows, as a table beside it: every number is a link to the list behind it.
import { Link } from "react-router";
import { number, share } from "../../parts/numbers";
import { useStatisticsWords } from "./words";

export interface Counted {
  key: string;
  label: string;
  count: number;
  to: string;
}

interface CountsProps {
  caption: string;
  rows: readonly Counted[];
  /** Whether the rows are parts of a whole, in the colours of its chart. */
  parts?: boolean;
}

export function Counts({ caption, rows, parts = false }: CountsProps) {
  const said = useStatisticsWords();
  const whole = rows.reduce((sum, { count }) => sum + count, 0);
  return (
    <table className="counts">
      <caption className="unseen">{caption}</caption>
      <thead className="unseen">
        <tr>
          <th scope="col">{said.what}</th>
          <th scope="col">{said.howMany}</th>
          {parts && <th scope="col">{said.share}</th>}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, label, count, to }, index) => (
          <tr key={key}>
            <th scope="row">
              {parts && <span className="swatch" style={{ background: `var(--series-${(index % 6) + 1})` }} />}
              {label}
            </th>
            <td className="number">
              <Link to={to} aria-label={`${label} ${number(count)}`}>{number(count)}</Link>
            </td>
            {parts && <td className="number soft">{share(count, whole)}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
