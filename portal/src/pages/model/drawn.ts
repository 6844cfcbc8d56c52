// The whole model as knots and ties. Classes of a family stand together and share a colour.
import type { ClassOf, LinkOf } from "../../api/model";
import type { Knot, Tie } from "../../parts/chart/option";
import { inLanguage, type Language } from "../../words/language";

export interface Drawn {
  knots: Knot[];
  ties: Tie[];
}

type Drawable = Pick<ClassOf, "name" | "label" | "family" | "ancestors">;
type Drawing = Pick<LinkOf, "label" | "domain" | "range" | "lineage">;

export function drawn(classes: Iterable<Drawable>, links: Iterable<Drawing>, language: Language, isA: string): Drawn {
  const all = [...classes];
  const families = [...new Set(all.map(({ family }) => family))];
  const label = new Map(all.map((kind) => [kind.name, inLanguage(kind.label, language)]));
  const say = (from: string, word: string, to: string) => `${label.get(from)} — ${word} → ${label.get(to)}`;
  const ties: Tie[] = [];
  for (const { name, ancestors } of all) {
    const [parent] = ancestors;
    if (parent && label.has(parent)) ties.push({ from: name, to: parent, label: say(name, isA, parent), strong: false });
  }
  for (const { label: word, domain, range, lineage } of links) {
    for (const from of domain) {
      for (const to of range) {
        if (label.has(from) && label.has(to)) ties.push({ from, to, label: say(from, inLanguage(word, language), to), strong: lineage });
      }
    }
  }
  const weight = (name: string) => ties.filter(({ from, to }) => from === name || to === name).length;
  const knots = families.flatMap((family, group) =>
    all
      .filter((kind) => kind.family === family)
      .map(({ name }) => ({ name, label: label.get(name) ?? name, group, weight: weight(name) })),
  );
  return { knots, ties };
}
