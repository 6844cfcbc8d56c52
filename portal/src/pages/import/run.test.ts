import { expect, it } from "vitest";
import { askedOf, type Correction, events, kindOf, mappingOf, type Sheet, sheetKey } from "./run";

const sheet: Sheet = { file: "a.csv", sheet: "", row: null, type: "Department", columns: { 名字: "", 代码: "uscc" }, samples: {} };

it("knows files by their ending", () => {
  expect(["目录.XLSX", "a.csv", "b.sql", "c.jsonl", "d.pdf"].map(kindOf)).toEqual(["excel", "catalogue", "ddl", "jsonl", undefined]);
});

it("knows a report by what was asked: another class, source or column asks for another", () => {
  const none = new Map<string, Correction>();
  const asked = askedOf({ kind: "catalogue", type: "", reason: "季度更新" }, none);
  expect(askedOf({ kind: "catalogue" }, none)).toBe(asked);
  expect(askedOf({ kind: "catalogue", type: "System" }, none)).not.toBe(asked);
  expect(askedOf({ kind: "catalogue" }, new Map([[sheetKey(sheet), { columns: { 名字: "name" } }]]))).not.toBe(asked);
});

it("tells corrections as a mapping, and nothing where there are none", () => {
  expect(mappingOf([sheet], new Map())).toBe("");
  const mapping = mappingOf([sheet], new Map([[sheetKey(sheet), { columns: { 名字: "name", 代码: "" } }]]));
  expect(JSON.parse(mapping)).toEqual([
    { name: "a.csv", when: ["名字", "代码"], type: "Department", columns: { 名字: "name", 代码: null } },
  ]);
});

it("hears events however the network cuts them", async () => {
  const bytes = new TextEncoder().encode('event: progress\ndata: {"done":1,"what":"写入"}\n\nevent: report\ndata: {"ok":true}\n\n');
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let i = 0; i < bytes.length; i += 7) controller.enqueue(bytes.slice(i, i + 7));
      controller.close();
    },
  });
  const heard = [];
  for await (const event of events(body)) heard.push(event);
  expect(heard).toEqual([{ name: "progress", data: { done: 1, what: "写入" } }, { name: "report", data: { ok: true } }]);
});
