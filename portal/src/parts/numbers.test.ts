import { describe, expect, it } from "vitest";
import { share, time } from "./numbers";

describe("a share", () => {
  it("never calls nearly all all, nor a few none", () => {
    expect(share(9999, 10_000)).toBe("99.9%");
    expect(share(1, 100_000)).toBe("0.1%");
    expect(share(10, 10)).toBe("100%");
    expect(share(0, 0)).toBe("–");
  });
});

describe("a time", () => {
  it("is a day where no hour was told", () => {
    expect(time("2026-01-14T00:00:00")).toBe("2026-01-14");
    expect(time("2026-01-14")).toBe("2026-01-14");
  });

  it("keeps an hour without a zone as it was told", () => {
    expect(time("2026-01-14T08:30:00")).toBe("2026-01-14 08:30");
  });
});
