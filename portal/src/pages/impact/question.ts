// The question of the page as its address says it, so that it can be sent to somebody.
import { useMemo } from "react";
import { useSearchParams } from "react-router";
import type { ChangeKind } from "../../api/generated";
import type { GroupBy } from "./groups";

export const CERTAINTIES = ["EXACT", "INDIRECT", "COARSE"] as const;
export type Certainty = (typeof CERTAINTIES)[number];

export interface Question {
  ids: string[];
  change: ChangeKind;
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

export function read(told: URLSearchParams): Question {
  const sure = (told.get("sure") ?? "exact,indirect").toUpperCase().split(",");
  const by = told.get("by");
  const depth = Number(told.get("depth"));
  return {
    ids: told.getAll("id"),
    change: (told.get("change")?.toUpperCase() ?? "REMOVE") as ChangeKind,
    certainty: CERTAINTIES.filter((one) => sure.includes(one)),
    by: by === "type" || by === "certainty" ? by : "department",
    at: told.get("at") ?? undefined,
    depth: Number.isInteger(depth) && depth > 0 ? depth : undefined,
  };
}

export function write({ ids, change, certainty, by, at, depth }: Question): URLSearchParams {
  const told = new URLSearchParams();
  for (const id of ids) told.append("id", id);
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
