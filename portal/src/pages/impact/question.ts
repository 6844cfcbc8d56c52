// The question of the page as its address says it, so that it can be sent to somebody.
import { useMemo } from "react";
import { useSearchParams } from "react-router";
import type { ChangeKind } from "../../api/generated";
import type { GroupBy } from "./groups";

export const CERTAINTIES = ["EXACT", "INDIRECT", "COARSE"] as const;
export type Certainty = (typeof CERTAINTIES)[number];

export interface Question {
  ids: string[];
  /** What happens to all of them … */
  change: ChangeKind;
  /** … but to these. */
  own: Readonly<Record<string, ChangeKind>>;
  certainty: Certainty[];
  by: GroupBy;
  /** A day, or a commit's number; now where nothing is said. */
  at?: string;
  /** Steps at most; all of them where nothing is said. */
  depth?: number;
}

export function useQuestion(): [Question, (next: Partial<Question>) => void] {
  const [told, set] = useSearchParams();
  const question = useMemo(() => read(told), [told]);
  return [question, (next) => set((before) => write({ ...read(before), ...next }), { replace: true })];
}

export const kindOf = ({ change, own }: Question, id: string): ChangeKind => own[id] ?? change;

/** `ID`, or `retype=ID` where it changes in a way of its own: so in the address, so for the report. */
export const idsTold = (question: Question): string[] =>
  question.ids.map((id) => {
    const kind = kindOf(question, id);
    return kind === question.change ? id : `${kind.toLowerCase()}=${id}`;
  });

export function read(told: URLSearchParams): Question {
  const starts = told.getAll("id").map((one) => {
    const [, kind, id = one] = /^([a-z]+)=(.+)$/.exec(one) ?? [];
    return { id, kind: kind?.toUpperCase() as ChangeKind | undefined };
  });
  const sure = (told.get("sure") ?? "exact,indirect").toUpperCase().split(",");
  const by = told.get("by");
  const depth = Number(told.get("depth"));
  return {
    ids: starts.map(({ id }) => id),
    change: (told.get("change")?.toUpperCase() ?? "REMOVE") as ChangeKind,
    own: Object.fromEntries(starts.flatMap(({ id, kind }) => (kind ? [[id, kind]] : []))),
    certainty: CERTAINTIES.filter((one) => sure.includes(one)),
    by: by === "type" || by === "certainty" ? by : "department",
    at: told.get("at") ?? undefined,
    depth: Number.isInteger(depth) && depth > 0 ? depth : undefined,
  };
}

export function write(question: Question): URLSearchParams {
  const { change, certainty, by, at, depth } = question;
  const told = new URLSearchParams();
  for (const id of idsTold(question)) told.append("id", id);
  if (change !== "REMOVE") told.set("change", change.toLowerCase());
  const sure = certainty.join(",").toLowerCase();
  if (sure !== "exact,indirect") told.set("sure", sure);
  if (by !== "department") told.set("by", by);
  if (at) told.set("at", at);
  if (depth) told.set("depth", String(depth));
  return told;
}

/** How many steps a cut says to ask for next ("depth: 20"); undefined where it says another. */
export function onward(ask: string): number | undefined {
  const found = /^depth: (\d+)$/.exec(ask);
  return found ? Number(found[1]) : undefined;
}
