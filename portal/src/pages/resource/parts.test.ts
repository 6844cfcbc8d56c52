import { describe, expect, it } from "vitest";
import { Model } from "../../api/model";
import { columnsOf, inOrder, matches, type Row, sharedBy } from "./parts";

const attribute = (name: string, datatype: string, order: number) => ({
  name,
  field: name,
  label: { zh: name, en: name },
  group: { zh: "", en: "" },
  datatype,
  many: false,
  codeList: null,
  facet: false,
  sortable: false,
  order,
});

const TOLD = {
  digest: "",
  facets: [],
  changeKinds: [],
  links: [],
  codeLists: [],
  classes: [
    {
      name: "Lamp",
      label: { zh: "路灯", en: "lamp" },
      family: "lamp",
      abstract: false,
      ancestors: [],
      descendants: ["Lamp"],
      links: [],
      inverseLinks: [],
      attributes: [
        attribute("place", "integer", 1),
        attribute("kind", "code", 2),
        attribute("note", "string", 3),
        attribute("broken", "boolean", 4),
      ],
    },
  ],
};

const model = new Model(TOLD, "UTC");

const row = (title: string, told: Record<string, string | number | boolean>): Row => ({
  id: title,
  title,
  type: "Lamp",
  told: new Map(Object.entries(told)),
});

const rows = [
  row("乙", { place: 2, kind: "LED", broken: false }),
  row("甲", { place: 1, kind: "钠灯", broken: false, note: "很长的说明".repeat(20) }),
];

describe("a table of parts of any class", () => {
  it("follows the rows' own numbers", () => {
    expect(inOrder(rows, model).map(({ title }) => title)).toEqual(["甲", "乙"]);
  });

  it("has a column for what tells rows apart: not the number, long texts, or plain no", () => {
    expect(columnsOf(rows, model).map(({ name }) => name)).toEqual(["kind"]);
  });

  it("says once what all of many rows say", () => {
    const lamps = ["甲", "乙", "丙", "丁"].map((title, i) => row(title, { kind: "LED", note: `第 ${i} 盏`, broken: true }));
    expect(sharedBy(lamps, model).map(({ attribute, value }) => [attribute.name, value])).toEqual([["kind", "LED"], ["broken", true]]);
    expect(columnsOf(lamps, model).map(({ name }) => name)).toEqual(["note"]);
    expect(sharedBy(lamps.slice(1), model)).toEqual([]);
  });

  it("finds rows by any of their words", () => {
    expect(rows.filter((each) => matches(each, " led "))).toHaveLength(1);
  });
});
