// What is counted. A figure is a search: its number and the list behind it are the same
// question, so they cannot disagree.
import type { SearchState } from "../../parts/address";

export interface Cover {
  name: "itemElement" | "fieldElement" | "materialised" | "mounted" | "levelled";
  types: readonly string[];
  /** The condition that a covered one meets. */
  q: string;
}

export const covers = (entries: readonly string[]): Cover[] => [
  { name: "itemElement", types: ["InformationItem"], q: "dataElement:*" },
  { name: "fieldElement", types: ["Field"], q: "dataElement:*" },
  { name: "materialised", types: ["InformationResource"], q: "materialisedBy:*" },
  { name: "mounted", types: ["DataResource"], q: "mounts:*" },
  { name: "levelled", types: entries, q: "securityLevel:*" },
];

/** What is covered, all there is, and what is missing. */
export function statesOf({ types, q }: Cover): { done: SearchState; all: SearchState; missing: SearchState } {
  const chosen = { type: types };
  return { done: { q, chosen }, all: { chosen }, missing: { q: `-${q}`, chosen } };
}

export type Age = "month" | "quarter" | "year" | "older" | "never";

/** Entries by the age of their data, as seen from `today` (2026-01-20); the ages do not overlap. */
export function ages(today: string, entries: readonly string[]): { name: Age; state: SearchState }[] {
  const ago = (days: number) => day(new Date(Date.parse(today) - days * 86_400_000));
  const between = (from: number, to: number) => `dataUpdatedAt:${ago(from)}..${ago(to)}`;
  const state = (q: string): SearchState => ({ q, chosen: { type: entries } });
  return [
    { name: "month", state: state(`dataUpdatedAt:>=${ago(30)}`) },
    { name: "quarter", state: state(between(90, 31)) },
    { name: "year", state: state(between(365, 91)) },
    { name: "older", state: state(`dataUpdatedAt:<=${ago(366)}`) },
    { name: "never", state: state("-dataUpdatedAt:*") },
  ];
}

export interface Quarter {
  year: number;
  quarter: number;
  state: SearchState;
}

/** The last quarters up to today's, oldest first, each with what was published by its end. */
export function quarters(today: string, count: number, entries: readonly string[]): Quarter[] {
  const [now = 0, month = 1] = today.split("-").map(Number);
  const last = now * 4 + Math.floor((month - 1) / 3);
  return Array.from({ length: count }, (_, index) => {
    const number = last - (count - 1 - index);
    const year = Math.floor(number / 4);
    const quarter = (number % 4) + 1;
    const end = day(new Date(Date.UTC(year, quarter * 3, 0)));
    return { year, quarter, state: { q: `publishedAt:<=${end}`, chosen: { type: entries } } };
  });
}

const day = (at: Date) => at.toISOString().slice(0, 10);
