// How a link carries changes, gathered so that each way is told once: what arrives alike, by what
// it becomes.
import { grouped } from "../../parts/grouped";
import type { Whole } from "./ModelPage";

export type Spread = Whole["links"][number]["spreads"][number];

export interface Line {
  /** Only where the link derives so; always where none is told. */
  derivations: readonly string[];
  adapt: boolean;
  startOnly: boolean;
  /** Kinds of change by what they become; undefined: they go on as they are. */
  becomes: readonly { accepts: readonly string[]; becomes?: string }[];
}

export function waysOf(spreads: readonly Spread[]): { way: string; lines: Line[] }[] {
  return [...grouped(spreads, ({ way }) => way)].map(([way, alike]) => ({
    way,
    lines: [...grouped(alike, (one) => JSON.stringify([one.derivations, one.adapt, one.startOnly])).values()].map(lineOf),
  }));
}

function lineOf(spreads: readonly Spread[]): Line {
  const [{ derivations, adapt, startOnly }] = spreads as [Spread];
  const kinds = spreads.flatMap((one) => one.kinds);
  const ends = grouped(kinds, ({ accepts, becomes }) => (accepts === becomes ? undefined : becomes));
  const becomes = [...ends].map(([end, alike]) => ({ accepts: [...new Set(alike.map(({ accepts }) => accepts))], ...(end && { becomes: end }) }));
  return { derivations, adapt, startOnly, becomes: becomes.sort((a, b) => Number(!a.becomes) - Number(!b.becomes)) };
}
