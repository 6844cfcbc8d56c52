// Where sources disagree: each attribute, who says what, the one that is shown first.
import { useModel } from "../../api/model";
import { Badge } from "../../parts/Badge";
import { Value } from "../../parts/Value";
import { language } from "../../words/language";
import type { Resource } from "./ResourcePage";
import { useResourceWords } from "./words";

export function Conflicts({ resource }: { resource: Resource }) {
  const said = useResourceWords();
  const model = useModel();
  const chosen = language.use();
  const rank = (name: string) => said.ranks[name as keyof typeof said.ranks] ?? name;
  return (
    <>
      <p className="soft small">{said.conflictsText}</p>
      <dl className="conflicts">
        {resource.conflicts.map(({ attribute, said: claims }) => (
          <div key={attribute}>
            <dt>{model.label(attribute, chosen)}</dt>
            <dd>
              <ol>
                {claims.map(({ value, source, rank: level, commit }) => (
                  <li key={`${source} ${commit}`}>
                    <Value attribute={model.attribute(resource.type, attribute)} value={value} />
                    <span>{source}</span>
                    <Badge>{rank(level)}</Badge>
                    <span className="soft small">{said.commit(commit)}</span>
                  </li>
                ))}
              </ol>
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}
