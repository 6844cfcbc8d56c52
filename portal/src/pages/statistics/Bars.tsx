// A list of values with bars. Every line is a link, so the picture is for all: keyboard,
// screen reader, print.
import { useState } from "react";
import { Link } from "react-router";
import { number } from "../../parts/numbers";
import { useStatisticsWords } from "./words";

export interface Bar {
  key: string;
  label: string;
  count: number;
  to: string;
}

export function Bars({ bars, shown = 8 }: { bars: readonly Bar[]; shown?: number }) {
  const said = useStatisticsWords();
  const [open, setOpen] = useState(false);
  const most = Math.max(1, ...bars.map(({ count }) => count));
  return (
    <>
      <ul className="bars">
        {(open ? bars : bars.slice(0, shown)).map(({ key, label, count, to }) => (
          <li key={key}>
            <Link to={to}>
              <span className="bar-label">{label}</span>
              <span className="bar-track" aria-hidden="true">
                <span className="bar" style={{ width: `${(100 * count) / most}%` }} />
              </span>
              <span className="number">{number(count)}</span>
            </Link>
          </li>
        ))}
      </ul>
      {bars.length > shown && (
        <button type="button" className="plain-button small" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? said.less : said.more(bars.length)}
        </button>
      )}
    </>
  );
}
