import { afterEach, describe, expect, it, vi } from "vitest";
import { dayOf, time, today } from "./moment";

const CITY = "Asia/Shanghai";

afterEach(() => vi.useRealTimers());

describe("a time", () => {
  it("is a day where no hour was told", () => {
    expect(time("2026-01-14T00:00:00", CITY)).toBe("2026-01-14");
    expect(time("2026-01-14", CITY)).toBe("2026-01-14");
  });

  it("keeps an hour without a zone as it was told", () => {
    expect(time("2026-01-14T08:30:00", CITY)).toBe("2026-01-14 08:30");
  });

  it("is told by the ledger's clock, wherever the reader's machine stands", () => {
    const told = "2025-01-31T20:05:00.25+00:00";
    expect([CITY, "America/Lima", "UTC"].map((zone) => time(told, zone))).toEqual(["2025-02-01 04:05", "2025-01-31 15:05", "2025-01-31 20:05"]);
    expect(time("2025-01-31T16:00:00Z", CITY)).toBe("2025-02-01 00:00");
    expect(dayOf(told, CITY)).toBe("2025-02-01");
  });

  it("begins a new day when the city does", () => {
    vi.useFakeTimers({ now: new Date("2025-12-31T16:30:00Z") });
    expect([CITY, "UTC"].map(today)).toEqual(["2026-01-01", "2025-12-31"]);
  });
});
