import { describe, expect, it } from "vitest";
import { type Address, readAddress, writeAddress } from "./state";

const through = (address: Address) => readAddress(new URLSearchParams(writeAddress(address).toString()));

describe("what a reader chose in the picture", () => {
  it("comes back from the address as it was", () => {
    const chosen: Address = {
      id: "dataset:a/b#c", direction: "DOWNSTREAM", depth: null, group: "department", unfolded: ["dataset:a", "dataset:b"], opened: ["org:1"],
      coarse: true, lane: true, at: "2024-06-01", compare: false, search: "老年 人口", list: true, arrow: "a→b", box: "dataset:a",
    };
    expect(through(chosen)).toEqual(chosen);
  });

  it("says nothing of what is as always", () => {
    const plain = readAddress(new URLSearchParams("id=x"));
    expect(writeAddress(plain).toString()).toBe("id=x");
  });

  it("passes over what another hand wrote there", () => {
    const odd = readAddress(new URLSearchParams("id=x&dir=sideways&depth=-1&group=planet"));
    expect(odd).toMatchObject({ direction: "BOTH", depth: 2, group: undefined });
  });
});
