// The address as a value: everything that a reader can choose on this page.
import { useCallback, useMemo } from "react";
import { useSearchParams } from "react-router";

export type Direction = "BOTH" | "UPSTREAM" | "DOWNSTREAM";

export interface Address {
  id?: string;
  direction: Direction;
  /** Links at most; null: to the end. */
  depth: number | null;
  group?: "system" | "department" | "none";
  unfolded: readonly string[];
  opened: readonly string[];
  coarse: boolean;
  lane: boolean;
  /** As of this day. */
  at?: string;
  compare: boolean;
  search: string;
  list: boolean;
  arrow?: string;
  box?: string;
}

const DIRECTIONS: Record<string, Direction> = { up: "UPSTREAM", down: "DOWNSTREAM" };
const GROUPS = new Set(["system", "department", "none"]);
export const FEW_STEPS = 2;

export function readAddress(told: URLSearchParams): Address {
  const depth = told.get("depth");
  const group = told.get("group");
  return {
    id: told.get("id") ?? undefined,
    direction: DIRECTIONS[told.get("dir") ?? ""] ?? "BOTH",
    depth: depth === "all" ? null : depth && /^\d{1,3}$/.test(depth) ? Number(depth) : FEW_STEPS,
    group: group && GROUPS.has(group) ? (group as Address["group"]) : undefined,
    unfolded: told.getAll("open"),
    opened: told.getAll("in"),
    coarse: told.has("coarse"),
    lane: told.has("lane"),
    at: told.get("at") ?? undefined,
    compare: told.get("compare") !== "no",
    search: told.get("find") ?? "",
    list: told.get("as") === "list",
    arrow: told.get("edge") ?? undefined,
    box: told.get("node") ?? undefined,
  };
}

export function writeAddress(address: Address): URLSearchParams {
  const told = new URLSearchParams();
  if (address.id) told.set("id", address.id);
  if (address.direction !== "BOTH") told.set("dir", address.direction === "UPSTREAM" ? "up" : "down");
  if (address.depth === null) told.set("depth", "all");
  else if (address.depth !== FEW_STEPS) told.set("depth", String(address.depth));
  if (address.group) told.set("group", address.group);
  for (const id of address.unfolded) told.append("open", id);
  for (const id of address.opened) told.append("in", id);
  if (address.coarse) told.set("coarse", "1");
  if (address.lane) told.set("lane", "1");
  if (address.at) told.set("at", address.at);
  if (!address.compare) told.set("compare", "no");
  if (address.search) told.set("find", address.search);
  if (address.list) told.set("as", "list");
  if (address.arrow) told.set("edge", address.arrow);
  if (address.box) told.set("node", address.box);
  return told;
}

type Next = Partial<Address> | ((address: Address) => Partial<Address>);

export function useAddress(): [Address, (next: Next, push?: boolean) => void] {
  const [told, set] = useSearchParams();
  const address = useMemo(() => readAddress(told), [told]);
  const change = useCallback(
    (next: Next, push = false) =>
      set(
        (before) => {
          const known = readAddress(before);
          return writeAddress({ ...known, ...(typeof next === "function" ? next(known) : next) });
        },
        { replace: !push },
      ),
    [set],
  );
  return [address, change];
}
