// How changes travel one way along a link: each way once, below it which kinds become what.
import { useModel } from "../../api/model";
import { Badge } from "../../parts/Badge";
import { useChangeWords } from "../../words/change";
import { language } from "../../words/language";
import { type Line, type Spread, waysOf } from "./spreads";
import { useModelWords } from "./words";

export function Ways({ spreads }: { spreads: readonly Spread[] }) {
  const change = useChangeWords();
  if (spreads.length === 0) return <span className="soft">–</span>;
  return waysOf(spreads).map(({ way, lines }) => (
    <div key={way} className="way">
      <strong>{change.ways[way as keyof typeof change.ways] ?? way}</strong>
      <ul>
        {lines.map((line, index) => (
          <Kinds key={index} line={line} />
        ))}
      </ul>
    </div>
  ));
}

function Kinds({ line: { derivations, adapt, startOnly, becomes } }: { line: Line }) {
  const said = useModelWords();
  const change = useChangeWords();
  const model = useModel();
  const chosen = language.use();
  const kind = (name: string) => change.kinds[name as keyof typeof change.kinds] ?? name;
  const derivation = (name: string) => (name ? model.code("Derivation", name, chosen) : said.untold);
  return (
    <li>
      {derivations.length > 0 && <span className="when">{derivations.map(derivation).join("、")}</span>}
      {becomes.map((one, index) => (
        <span key={index}>
          {index > 0 && "；"}
          {one.accepts.map(kind).join("、")}
          {one.becomes && ` → ${kind(one.becomes)}`}
        </span>
      ))}{" "}
      {adapt && <Badge tone="warn">{said.adapt}</Badge>} {startOnly && <Badge>{said.startOnly}</Badge>}
    </li>
  );
}
