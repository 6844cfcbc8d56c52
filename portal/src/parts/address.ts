// Addresses of pages. Ids hold slashes, colons and #, so they travel as parameters.
import { useSearchParams } from "react-router";

export const resourceAddress = (id: string, tab?: string): string =>
  `/resource?${new URLSearchParams({ id, ...(tab && { tab }) })}`;

export interface SearchState {
  q?: string;
  /** Chosen facet values, by facet. */
  chosen?: Readonly<Record<string, readonly string[]>>;
  sort?: string;
}

export function searchAddress({ q = "", chosen = {}, sort }: SearchState): string {
  const told = new URLSearchParams();
  if (q) told.set("q", q);
  for (const [facet, values] of Object.entries(chosen)) {
    for (const value of values) told.append(`f.${facet}`, value);
  }
  if (sort) told.set("sort", sort);
  return `/search?${told}`;
}

export function readSearch(told: URLSearchParams): Required<Omit<SearchState, "sort">> & { sort?: string } {
  const chosen: Record<string, string[]> = {};
  for (const [key, value] of told) {
    if (key.startsWith("f.")) (chosen[key.slice(2)] ??= []).push(value);
  }
  const sort = told.get("sort");
  return { q: told.get("q") ?? "", chosen, ...(sort && { sort }) };
}

/** One parameter of the address, and how to change it (without a new step in the history
 * unless asked for). Undefined takes it away. */
export function useParameter(
  name: string,
): [string | undefined, (value: string | undefined, push?: boolean) => void] {
  const [told, set] = useSearchParams();
  return [
    told.get(name) ?? undefined,
    (value, push = false) =>
      set(
        (before) => {
          const next = new URLSearchParams(before);
          if (value === undefined) next.delete(name);
          else next.set(name, value);
          return next;
        },
        { replace: !push },
      ),
  ];
}

const OPENABLE = new Set(["http:", "https:", "mailto:", "tel:"]);

/** An address from the ledger, if a browser may open it; what is no web address is no link. */
export function openable(told: string): string | undefined {
  try {
    const address = new URL(told);
    return OPENABLE.has(address.protocol) ? address.href : undefined;
  } catch {
    return undefined;
  }
}
