// Chinese first, English by a switch. Each page keeps its own words beside it, in both
// languages; what the ledger names (classes, attributes, codes) comes labelled from the API.
import { kept } from "../parts/kept";

export type Language = "zh" | "en";

const isLanguage = (told: string): told is Language => told === "zh" || told === "en";

export const language = kept<Language>("mulu.language", "zh", isLanguage);

// ?lang=en in an address that somebody shares is obeyed once.
const asked = new URLSearchParams(window.location.search).get("lang");
if (asked !== null && isLanguage(asked)) language.set(asked);

type Widened<T> = T extends string
  ? string
  : T extends (...said: infer A) => string
    ? (...said: A) => string
    : { [K in keyof T]: Widened<T[K]> };

/** A hook that gives these words in the reader's language. English must say all of them. */
export function words<const W extends object>(zh: W, en: Widened<W>): () => Widened<W> {
  return () => (language.use() === "zh" ? (zh as unknown as Widened<W>) : en);
}

export interface Label {
  zh: string;
  en: string;
}

/** A label in that language, or in the other where there is none. */
export const inLanguage = (label: Label, chosen: Language): string =>
  (chosen === "zh" ? label.zh || label.en : label.en || label.zh);

export function useLabel(): (label: Label) => string {
  const chosen = language.use();
  return (label) => inLanguage(label, chosen);
}
