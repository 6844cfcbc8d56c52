// From claims to a timeline: each claim is shown as what it changed of what its own source
// said before. A claim that ends without a next one of its source was withdrawn.
import type { HistoryQuery } from "../../api/generated";

export type Claim = NonNullable<HistoryQuery["resource"]>["history"][number];
type Value = Claim["attributes"][number]["value"];

export interface Step {
  commit: number;
  at?: string;
  actor?: string;
  reason?: string;
  source: string;
  rank: string;
  withdrawn: boolean;
  attributes: { name: string; before?: Value; after?: Value }[];
  linked: { type: string; target: string }[];
  unlinked: { type: string; target: string }[];
  denied: string[];
}

/** Newest first. */
export function timeline(claims: readonly Claim[]): Step[] {
  const steps: Step[] = [];
  const last = new Map<string, Claim>();
  for (const claim of [...claims].sort((a, b) => a.since - b.since)) {
    const before = last.get(claim.source);
    last.set(claim.source, claim);
    if (before?.until != null && before.until < claim.since) steps.push(withdrawal(before, before.until));
    steps.push(told(claim, before?.until === claim.since ? before : undefined));
  }
  for (const claim of last.values()) {
    if (claim.until != null) steps.push(withdrawal(claim, claim.until));
  }
  return steps.sort((a, b) => b.commit - a.commit);
}

function told(claim: Claim, before: Claim | undefined): Step {
  const old = new Map(before?.attributes.map(({ name, value }) => [name, value]));
  const now = new Map(claim.attributes.map(({ name, value }) => [name, value]));
  const names = [...new Set([...now.keys(), ...old.keys()])];
  return {
    ...head(claim),
    commit: claim.since,
    ...(claim.commit && { at: claim.commit.at, actor: claim.commit.actor, reason: claim.commit.reason }),
    withdrawn: false,
    attributes: names
      .filter((name) => !same(old.get(name), now.get(name)))
      .map((name) => ({ name, before: old.get(name), after: now.get(name) })),
    linked: claim.links.filter((link) => !among(link, before?.links)),
    unlinked: before?.links.filter((link) => !among(link, claim.links)) ?? [],
    denied: [...claim.denies.attributes, ...claim.denies.links.map(({ type }) => type)],
  };
}

function withdrawal(claim: Claim, commit: number): Step {
  return { ...head(claim), commit, withdrawn: true, attributes: [], linked: [], unlinked: [], denied: [] };
}

const head = ({ source, rank }: Claim) => ({ source, rank });

const same = (a: Value | undefined, b: Value | undefined) => JSON.stringify(a) === JSON.stringify(b);

const among = (link: { type: string; target: string }, links: readonly { type: string; target: string }[] | undefined) =>
  links?.some((other) => other.type === link.type && other.target === link.target) ?? false;
