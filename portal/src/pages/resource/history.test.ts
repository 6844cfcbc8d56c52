import { describe, expect, it } from "vitest";
import { type Claim, timeline } from "./history";

function claim(source: string, since: number, until: number | null, attributes: Record<string, string>, targets: string[] = []): Claim {
  return {
    source,
    rank: "SCANNED",
    since,
    until,
    attributes: Object.entries(attributes).map(([name, value]) => ({ name, value })),
    links: targets.map((target) => ({ type: "hasField", target })),
    denies: { attributes: [], links: [], resource: false },
    commit: { number: since, at: "2026-01-15T01:00:00+00:00", actor: "demo", reason: "" },
  };
}

describe("timeline", () => {
  it("shows the first claim as all set, and the newest step first", () => {
    const steps = timeline([claim("scan", 3, null, { name: "a" }), claim("form", 5, null, { title: "甲" })]);
    expect(steps.map(({ commit, source }) => [commit, source])).toEqual([[5, "form"], [3, "scan"]]);
    expect(steps[1]?.attributes).toEqual([{ name: "name", before: undefined, after: "a" }]);
  });

  it("compares a claim with what the same source said before", () => {
    const [second] = timeline([
      claim("scan", 3, 7, { name: "a", engine: "x" }, ["f1", "f2"]),
      claim("scan", 7, null, { name: "b", engine: "x" }, ["f2", "f3"]),
    ]);
    expect(second?.attributes).toEqual([{ name: "name", before: "a", after: "b" }]);
    expect(second?.linked).toEqual([{ type: "hasField", target: "f3" }]);
    expect(second?.unlinked).toEqual([{ type: "hasField", target: "f1" }]);
  });

  it("tells a withdrawal, also when the source comes back later", () => {
    const steps = timeline([claim("scan", 3, 5, { name: "a" }), claim("scan", 9, null, { name: "a" })]);
    expect(steps.map(({ commit, withdrawn }) => [commit, withdrawn])).toEqual([[9, false], [5, true], [3, false]]);
    expect(steps[0]?.attributes).toHaveLength(1);
  });
});
