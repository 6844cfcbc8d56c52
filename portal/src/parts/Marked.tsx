import type { ReactNode } from "react";

/** Text with the matching spans marked. Spans count characters as people do, not UTF-16
 * halves of rare ones. */
export function Marked({ text, spans }: { text: string; spans: readonly (readonly [number, number])[] }) {
  const letters = Array.from(text);
  const cut = (from: number, to?: number) => letters.slice(from, to).join("");
  const parts: ReactNode[] = [];
  let done = 0;
  for (const [from, to] of spans) {
    parts.push(cut(done, from), <mark key={from}>{cut(from, to)}</mark>);
    done = to;
  }
  return (
    <>
      {parts}
      {cut(done)}
    </>
  );
}
