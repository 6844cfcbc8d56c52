import { expect, it } from "vitest";
import { onward, type Question, read, write } from "./question";

it("survives its address: several starts, the day, the steps", () => {
  const asked: Question = {
    ids: ["system:A", "field:x#y"], change: "RETYPE", certainty: ["EXACT"], by: "type", at: "2024-06-30", depth: 3,
  };
  expect(read(new URLSearchParams(write(asked).toString()))).toEqual(asked);
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
