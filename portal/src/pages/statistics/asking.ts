import { CountDocument } from "../../api/generated";
import { useAskAll } from "../../api/use";
import type { SearchState } from "../../parts/address";

/** How many each search finds; undefined until it is known. */
export function useCounts(states: readonly SearchState[]): (number | undefined)[] {
  const asked = states.map(({ q = "", chosen = {} }) => ({
    query: q,
    selected: Object.entries(chosen).map(([name, values]) => ({ name, values: [...values] })),
  }));
  return useAskAll(CountDocument, asked).map((data) => data?.search.total);
}
