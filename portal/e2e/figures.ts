// Figures that a measurement tells: to the reader of its log and, where MULU_FIGURES names a
// file, to `make bench`, beside what is in it already.
import { existsSync, readFileSync, writeFileSync } from "node:fs";

export function tell(what: string, told: Record<string, number>): void {
  console.log(`${what}:`, told);
  const file = process.env.MULU_FIGURES;
  if (!file) return;
  const known = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as object) : {};
  writeFileSync(file, JSON.stringify({ ...known, [what]: told }));
}

/** Whole milliseconds: the one in the middle and the worst. */
export function middleAndWorst(name: string, rounds: readonly number[]): Record<string, number> {
  const ordered = [...rounds].sort((a, b) => a - b);
  return { [`${name}_ms`]: Math.round(ordered[Math.floor(ordered.length / 2)] ?? 0), [`${name}_worst_ms`]: Math.round(ordered.at(-1) ?? 0) };
}
