import { describe, expect, it } from "vitest";
import { openable, readSearch, searchAddress } from "./address";

describe("a search in the address", () => {
  it("comes back as it was said", () => {
    const state = { q: "社保 缴费", chosen: { type: ["Table", "View"], department: ["云澜市公安局"] }, sort: "title" };
    const told = new URLSearchParams(searchAddress(state).split("?")[1]);
    expect(readSearch(told)).toEqual(state);
  });

  it("leaves out what is not chosen", () => {
    expect(searchAddress({ q: "", chosen: { type: [] } })).toBe("/search?");
  });
});

describe("an address from the ledger", () => {
  it("is a link where a browser may open it, and none where it runs something", () => {
    expect(openable("https://data.example/a b")).toBe("https://data.example/a%20b");
    for (const told of ["javascript:alert(1)", " JavaScript:alert(1)", "data:text/html,x", "vbscript:x", "www.example", "/etc"]) {
      expect(openable(told)).toBeUndefined();
    }
  });
});
