// The one way to the server: a question in GraphQL, its answer or what went wrong.
import { kept } from "../parts/kept";
import { watched } from "../parts/watched";
import type { TypedDocumentString } from "./generated";

/** Something the server said no to; `message` is its own words, in both languages. */
export class Refused extends Error {
  constructor(
    message: string,
    readonly code: string,
    readonly details: Record<string, unknown> = {},
  ) {
    super(message);
  }
}

/** The server cannot be reached, or answers nothing that we understand. */
export class Unreachable extends Error {}

/** The bearer token, kept for this session (this tab) only; GraphiQL reads it there too. */
export const token = kept<string>("token", "", () => true, sessionStorage);

/** Whether the server has asked who is there. */
export const signIn = watched(false);

/** Parts of the ledger (record, search) that the last answers were without. */
export const missing = watched<readonly string[]>([]);

interface Answered<R> {
  data?: R | null;
  errors?: Fault[];
  extensions?: { missing?: string[] };
}

interface Fault {
  message: string;
  path?: (string | number)[];
  extensions?: { code?: string } & Record<string, unknown>;
}

/** Ask the GraphQL API. Throws Refused or Unreachable. */
export async function ask<R, V>(
  document: TypedDocumentString<R, V>,
  variables: V,
  signal?: AbortSignal,
): Promise<R> {
  const body = JSON.stringify({ query: document.toString(), variables });
  const response = await request("/graphql", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body,
    signal,
  });
  const answer = await read<Answered<R>>(response);
  if (answer.extensions?.missing) missing.set(answer.extensions.missing);
  const fault = answer.errors?.find((one) => answer.data == null || spoils(one, answer.data));
  if (fault) {
    const { code = "INTERNAL", ...details } = fault.extensions ?? {};
    throw new Refused(fault.message, code, details);
  }
  if (answer.data == null) throw new Unreachable(`${response.status}`);
  return answer.data;
}

/** Whether nothing can be shown beside this fault. A part of the ledger that is down, deep in an
 * answer, only leaves a gap there: the hits of a search without what the record says of them. */
function spoils({ path = [], extensions }: Fault, data: object): boolean {
  const root = (data as Record<string, unknown>)[String(path[0])];
  return typeof extensions?.part !== "string" || root == null;
}

/** Any request to this server, with the token; 401 asks the reader to sign in. */
export async function request(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  if (token.get()) headers.set("Authorization", `Bearer ${token.get()}`);
  let response: Response;
  try {
    response = await fetch(path, { ...init, headers, credentials: "same-origin" });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Unreachable(String(error));
  }
  if (response.status === 401) {
    signIn.set(true);
    throw new Refused("请先登录 / sign in first", "UNAUTHENTICATED");
  }
  return response;
}

/** JSON of an answer. What another door of the server refused comes as {code, message}. */
export async function read<T>(response: Response): Promise<T> {
  const type = response.headers.get("Content-Type") ?? "";
  if (!type.includes("json")) throw new Unreachable(`${response.status} ${response.statusText}`);
  const told = (await response.json()) as T & { code?: string; message?: string };
  if (!response.ok && told.code && told.message) {
    const { code, message, ...details } = told;
    throw new Refused(message, code, details);
  }
  return told;
}
