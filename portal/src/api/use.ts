// Questions inside components: asked once, kept for a while, cancelled when nobody waits.
import {
  keepPreviousData,
  QueryClient,
  type UseQueryResult,
  useQueries,
  useQuery,
} from "@tanstack/react-query";
import { ask, Unreachable } from "./client";
import type { TypedDocumentString } from "./generated";

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      refetchOnWindowFocus: false,
      networkMode: "always", // a server on this machine answers without a network
      retry: (failures, error) => error instanceof Unreachable && failures < 2,
      retryDelay: (attempt) => 400 * 2 ** attempt,
    },
  },
});

export interface Asking {
  /** Ask only when there is something to ask. */
  enabled?: boolean;
  /** Show the last answer while the next one is on its way. */
  keep?: boolean;
  staleTime?: number;
}

export function useAsk<R, V>(
  document: TypedDocumentString<R, V>,
  variables: V,
  { enabled = true, keep = false, staleTime }: Asking = {},
): UseQueryResult<R> {
  return useQuery({
    queryKey: [document.toString(), variables],
    queryFn: ({ signal }) => ask(document, variables, signal),
    enabled,
    ...(keep && { placeholderData: keepPreviousData }),
    ...(staleTime !== undefined && { staleTime }),
  });
}

/** Ask before any component does; `useAsk` then finds the answer, or waits for it. */
export function askAhead<R, V>(document: TypedDocumentString<R, V>, variables: V): Promise<void> {
  return queries.prefetchQuery({
    queryKey: [document.toString(), variables],
    queryFn: ({ signal }) => ask(document, variables, signal),
  });
}

/** The same question several times over: the answers that are there, in order. */
export function useAskAll<R, V>(document: TypedDocumentString<R, V>, all: readonly V[]): (R | undefined)[] {
  const asked = useQueries({
    queries: all.map((variables) => ({
      queryKey: [document.toString(), variables],
      queryFn: ({ signal }: { signal: AbortSignal }) => ask(document, variables, signal),
    })),
  });
  return asked.map(({ data }) => data);
}
