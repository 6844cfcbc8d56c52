// The mutations of a class are named by the model, so their text is made here.
import { ask, Refused } from "../../api/client";
import { TypedDocumentString } from "../../api/generated";
import type { Value } from "./form";

export interface Told {
  path: string;
  what: string;
  mend: string;
  rule: string;
}
export interface Reached {
  id: string;
  type: string;
  title: string;
  effect: string;
  departmentTitle: string;
}
export interface Preview {
  attributes: { name: string; before: Value | null; after: Value | null }[];
  linked: LinkEnd[];
  unlinked: LinkEnd[];
  kinds: string[];
  impact: {
    counts: { exact: number; indirect: number; coarse: number; touched: number };
    affected: Reached[];
    touched: Reached[];
  } | null;
}
interface LinkEnd {
  type: string;
  target: string;
  node: { title: string } | null;
}
export interface Changed {
  commit: { number: number } | null;
  resource: { id: string; version: number } | null;
  warnings: Told[];
  preview: Preview | null;
}

const ANSWER = `{
  commit { number }
  resource { id version }
  warnings { path what mend rule }
  preview {
    attributes { name before after }
    linked { type target node { title } }
    unlinked { type target node { title } }
    kinds
    impact(first: 100) {
      counts { exact indirect coarse touched }
      affected { id type title effect departmentTitle }
      touched { id type title effect departmentTitle }
    }
  }
}`;

export interface Edit {
  type: string;
  id?: string;
  version?: number;
  input: Record<string, Value | null>;
  reason?: string;
  dryRun: boolean;
}

/** Check or write. `NAME` holds only names of the model, never what a reader typed. */
export async function write(mutation: string, edit: Edit, signal?: AbortSignal): Promise<Changed> {
  const named = /^[A-Za-z]\w*$/;
  if (!named.test(mutation) || !named.test(edit.type)) throw new Refused(mutation, "INVALID");
  const { type, dryRun, input, reason = "" } = edit;
  const fresh = edit.id === undefined;
  const head = fresh ? "" : "$id: ID!, $version: Int, ";
  const terms = fresh ? "" : "id: $id, expectedVersion: $version, ";
  const text = `mutation(${head}$input: ${type}Input!, $reason: String!, $dryRun: Boolean!) {
    done: ${mutation}(${terms}input: $input, reason: $reason, dryRun: $dryRun, wait: true) ${ANSWER} }`;
  const variables = { input, reason, dryRun, ...(!fresh && { id: edit.id, version: edit.version }) };
  const answer = await ask(new TypedDocumentString<{ done: Changed }, typeof variables>(text), variables, signal);
  return answer.done;
}

/** What the server found wrong, by field of the form ("" where it names none). */
export function problemsOf(error: unknown): Map<string, Told[]> {
  const told = error instanceof Refused ? ((error.details.problems ?? []) as Told[]) : [];
  return byField(told);
}

export function byField(told: readonly Told[]): Map<string, Told[]> {
  const found = new Map<string, Told[]>();
  for (const one of told) {
    const field = one.path.replace(/^input\./, "");
    found.set(field, [...(found.get(field) ?? []), one]);
  }
  return found;
}
