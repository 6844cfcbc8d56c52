import { describe, expect, it } from "vitest";
import { type Field, inputOf, merge, valuesOf, withValue } from "./form";

const field = (name: string, more: Partial<Field> = {}): Field => ({
  name, label: { zh: name, en: name }, help: { zh: "", en: "" }, group: { zh: "", en: "" }, required: false, many: false, datatype: "string", ...more,
});
const FIELDS = [field("title"), field("abstract"), field("keyword", { many: true }), field("providedBy", { link: "providedBy", range: ["Department"] })];

describe("what the mutation is told", () => {
  it("is only what changed; null takes away", () => {
    const base = { title: "甲", abstract: "旧", keyword: ["a", "b"] };
    expect(inputOf(FIELDS, base, { title: "甲", keyword: ["b", "a"], providedBy: "org:x" })).toEqual({ abstract: null, providedBy: "org:x" });
  });
});

describe("merging with another's edit", () => {
  const base = { title: "甲", abstract: "旧" };
  it("takes over what only the other changed", () => {
    const merged = merge(base, { ...base, title: "乙" }, { ...base, abstract: "新" });
    expect(merged).toEqual({ values: { title: "乙", abstract: "新" }, taken: ["abstract"], clashes: [] });
  });
  it("asks where both changed, and lets mine stand until then", () => {
    const merged = merge(base, { ...base, abstract: "我" }, { ...base, abstract: "他" });
    expect(merged.clashes).toEqual([{ field: "abstract", base: "旧", mine: "我", theirs: "他" }]);
    expect(merged.values.abstract).toBe("我");
  });
  it("sees no clash where both say the same, and takes removals over", () => {
    expect(merge(base, { ...base, abstract: "同" }, { ...base, abstract: "同" }).clashes).toEqual([]);
    expect(merge(base, base, { title: "甲" }).values).toEqual({ title: "甲" });
  });
});

it("reads the ledger's words as the form's values", () => {
  const said = { attributes: [{ name: "title", after: "甲" }, { name: "unknown", after: 1 }], linked: [{ type: "providedBy", target: "org:x" }] };
  expect(valuesOf(FIELDS, said)).toEqual({ title: "甲", providedBy: "org:x" });
});

it("takes an emptied field away", () => {
  expect(withValue({ title: "甲" }, "title", "")).toEqual({});
});
