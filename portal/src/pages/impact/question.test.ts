import { expect, it } from "vitest";
import { idsTold, onward, type Question, read, write } from "./question";

it("survives its address: several starts, the day, the steps", () => {
  const asked: Question = {
    ids: ["system:A", "field:x#y"], change: "RETYPE", own: {}, certainty: ["EXACT"], by: "type", at: "2024-06-30", depth: 3,
  };
  expect(read(new URLSearchParams(write(asked).toString()))).toEqual(asked);
});

it("gives a start a change of its own, as commands and reports are told it", () => {
  const asked = read(new URLSearchParams("id=a&id=remove=b:c=d&change=rename"));
  expect(asked).toMatchObject({ ids: ["a", "b:c=d"], change: "RENAME", own: { "b:c=d": "REMOVE" } });
  expect(idsTold(asked)).toEqual(["a", "remove=b:c=d"]);
  expect(idsTold({ ...asked, change: "REMOVE" })).toEqual(["a", "b:c=d"]);
  expect(read(write(asked))).toEqual(asked);
});

it("says nothing of what is usual, and takes no steps that are no number", () => {
  const usual = read(new URLSearchParams("id=a&depth=-1"));
  expect(usual.depth).toBeUndefined();
  expect(write(usual).toString()).toBe("id=a");
});

it("reads from a cut how many steps to ask for", () => {
  expect(onward("depth: 12")).toBe(12);
  expect(onward("limits: {coarse: 2000}")).toBeUndefined();
});
