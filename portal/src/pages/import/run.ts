// Handing a file to the server: a dry run, or the run itself, heard while it goes.
import { Refused, Unreachable, read, request } from "../../api/client";

export type Kind = "excel" | "catalogue" | "ddl" | "sql" | "jsonl";

export interface Place {
  file: string;
  sheet: string;
  row: number | null;
}
export interface Problem extends Place {
  what: string;
  mend: string;
  severity: string;
  column: string;
  value: string;
  rule: string;
  resource: string;
}
export interface Sheet extends Place {
  type: string;
  /** Header → attribute or link ("" = not read). */
  columns: Record<string, string>;
  samples: Record<string, string[]>;
}
export interface Change {
  id: string;
  what: "new" | "changed" | "withdrawn";
  type: string;
  attributes: Record<string, [unknown, unknown]>;
  linked: [string, string][];
  unlinked: [string, string][];
}
export interface Report {
  source: string;
  dry_run: boolean;
  complete: boolean;
  seconds: number;
  counts: Record<
    "read" | "rejected" | "secret" | "new" | "changed" | "unchanged" | "withdrawn" | "links" | "errors" | "warnings",
    number
  >;
  commits: [number, number] | null;
  problems: Problem[];
  understood: Sheet[];
  unread: (Place & { why: string })[];
  changes: Change[];
  refused: string;
}
export interface Progress {
  done: number;
  total: number;
  what: string;
}

/** What the reader said beside the file. */
export interface Terms {
  kind: Kind;
  type?: string;
  as?: string;
  region?: string;
  node?: string;
  namespace?: string;
  database?: string;
  dialect?: string;
  mapping?: string;
  reason?: string;
  confirm?: boolean;
}

/** What a run is asked, apart from the file: a report holds for the question that it answers. */
export const askedOf = (terms: Terms, corrections: ReadonlyMap<string, Correction>): string =>
  JSON.stringify([Object.entries({ ...terms, reason: "", confirm: "" }).filter(([, told]) => told).sort(), [...corrections]]);

const KINDS: [RegExp, Kind][] = [
  [/\.(xlsx|xlsm|xls|et)$/i, "excel"],
  [/\.(jsonl|ndjson)$/i, "jsonl"],
  [/\.(csv|tsv|txt|json)$/i, "catalogue"],
  [/\.(sql|ddl)$/i, "ddl"],
];
export const ACCEPTED = ".xlsx,.xlsm,.xls,.et,.csv,.tsv,.txt,.json,.jsonl,.sql,.ddl";

export const kindOf = (name: string): Kind | undefined => KINDS.find(([ending]) => ending.test(name))?.[1];

function addressOf(file: File, { kind, confirm, ...terms }: Terms, more: Record<string, string>): string {
  const told = new URLSearchParams({ name: file.name, ...more });
  for (const [name, value] of Object.entries(terms)) if (value) told.set(name, value);
  if (confirm) told.set("confirm", "true");
  return `/import/${kind}?${told}`;
}

const sending = (file: File, signal?: AbortSignal): RequestInit => ({
  method: "POST",
  headers: { "Content-Type": "application/octet-stream" },
  body: file,
  signal,
});

/** Run it; `told` hears how far it is. Throws Refused or Unreachable. */
export async function run(
  file: File,
  terms: Terms,
  dryRun: boolean,
  told: (progress: Progress) => void,
  signal?: AbortSignal,
): Promise<Report> {
  const address = addressOf(file, terms, { answer: "events", ...(dryRun && { dryRun: "true" }) });
  const response = await request(address, sending(file, signal));
  if (!response.ok || !response.body) return read(response);
  for await (const { name, data } of events(response.body)) {
    if (name === "progress") told(data as Progress);
    if (name === "report") return data as Report;
    if (name === "failed") {
      const { message, code, ...details } = data as { message: string; code: string };
      throw new Refused(message, code, details);
    }
  }
  throw new Unreachable("the answer broke off");
}

/** In which form the refused rows come back: as they were handed in. */
export const rejectedAs = (kind: Kind): "jsonl" | "xlsx" => (kind === "jsonl" ? "jsonl" : "xlsx");

/** The rows that were refused, as a file; undefined where there are none. */
export async function rejectedRows(file: File, terms: Terms): Promise<Blob | undefined> {
  const response = await request(addressOf(file, terms, { answer: "rejected", dryRun: "true" }), sending(file));
  if (response.status === 204) return undefined;
  return response.ok ? response.blob() : read(response);
}

interface Event {
  name: string;
  data: unknown;
}

/** Server-sent events, as they arrive; however the network cuts them. */
export async function* events(body: ReadableStream<Uint8Array>): AsyncGenerator<Event> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let kept = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const parts = (kept + decoder.decode(value, { stream: true })).split("\n\n");
      kept = parts.pop() ?? "";
      for (const part of parts) {
        const name = /^event: (.*)$/m.exec(part)?.[1] ?? "";
        yield { name, data: JSON.parse(/^data: (.*)$/m.exec(part)?.[1] ?? "null") };
      }
    }
  } finally {
    reader.releaseLock();
  }
}

/** What the reader corrected of a sheet: its class, and what headers mean. */
export interface Correction {
  type?: string;
  columns: Record<string, string>;
}

export const sheetKey = (sheet: Pick<Place, "file" | "sheet">): string => `${sheet.file}\n${sheet.sheet}`;

/** Corrections as a mapping (ingest/mapping.py); "" where nothing was corrected. */
export function mappingOf(sheets: readonly Sheet[], corrections: ReadonlyMap<string, Correction>): string {
  const told = sheets.flatMap((sheet) => {
    const { type, columns } = corrections.get(sheetKey(sheet)) ?? { columns: {} };
    if (!type && !Object.keys(columns).length) return [];
    const meant = Object.entries(columns).map(([header, name]) => [header, name || null]);
    return [{
      name: sheet.sheet || sheet.file,
      when: Object.keys(sheet.columns),
      ...((type ?? sheet.type) && { type: type ?? sheet.type }),
      columns: Object.fromEntries(meant),
    }];
  });
  return told.length ? JSON.stringify(told) : "";
}
