import { describe, expect, it } from "vitest";
import { ages, covers, quarters, statesOf } from "./figures";

const TODAY = "2026-01-20";

describe("ages", () => {
  it("meet without a gap and without an overlap", () => {
    const asked = Object.fromEntries(ages(TODAY, ["Entry"]).map(({ name, state }) => [name, state.q]));
    expect(asked).toEqual({
      month: "dataUpdatedAt:>=2025-12-21",
      quarter: "dataUpdatedAt:2025-10-22..2025-12-20",
      year: "dataUpdatedAt:2025-01-20..2025-10-21",
      older: "dataUpdatedAt:<=2025-01-19",
      never: "-dataUpdatedAt:*",
    });
  });
});

describe("quarters", () => {
  it("end on their last day, also over the turn of a year", () => {
    const found = quarters(TODAY, 3, ["Entry"]);
    expect(found.map(({ year, quarter }) => [year, quarter])).toEqual([[2025, 3], [2025, 4], [2026, 1]]);
    expect(found.map(({ state }) => state.q)).toEqual([
      "publishedAt:<=2025-09-30",
      "publishedAt:<=2025-12-31",
      "publishedAt:<=2026-03-31",
    ]);
  });
});

describe("coverage", () => {
  it("asks for what is missing by the same condition, turned round", () => {
    const [first] = covers(["Entry"]);
    expect(first && statesOf(first).missing.q).toBe("-dataElement:*");
  });
});
