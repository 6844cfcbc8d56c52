import { describe, expect, it } from "vitest";
import { share } from "./numbers";

describe("a share", () => {
  it("never calls nearly all all, nor a few none", () => {
    expect(share(9999, 10_000)).toBe("99.9%");
    expect(share(1, 100_000)).toBe("0.1%");
    expect(share(10, 10)).toBe("100%");
    expect(share(0, 0)).toBe("–");
  });
});
