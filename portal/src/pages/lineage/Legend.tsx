// What the lines mean: certainty by dash, change by colour and word.
import { useLineageWords } from "./words";

const LINES = [
  ["EXACT", "", "ln-l-exact"],
  ["INDIRECT", "8 4", "ln-l-soft"],
  ["COARSE", "2 3", "ln-l-soft"],
] as const;

export function Legend({ compared, lane }: { compared: boolean; lane: boolean }) {
  const said = useLineageWords();
  return (
    <ul className="ln-legend" aria-label={said.legend}>
      {LINES.map(([name, dash, look]) => (
        <Line key={name} dash={dash} look={look} text={said[name]} />
      ))}
      {lane && <Line dash="2 4" look="ln-l-warn" text={said.lane} />}
      {compared && <Line dash="" look="ln-l-good" text={said.added} />}
      {compared && <Line dash="" look="ln-l-bad" text={said.vanished} />}
    </ul>
  );
}

function Line({ dash, look, text }: { dash: string; look: string; text: string }) {
  return (
    <li>
      <svg width="30" height="8" aria-hidden="true" className={look}>
        <line x1="0" y1="4" x2="30" y2="4" strokeWidth="2" strokeDasharray={dash} />
      </svg>
      {text}
    </li>
  );
}
