import { expect, it } from "vitest";
import { grouped, type Reached } from "./groups";

const one = (id: string, department: string, effect: string): Reached => ({
  id, type: "Field", title: id, depth: 1, effect, certainty: "EXACT", kinds: [], via: "", due: 0, department, departmentTitle: department, contact: "", path: [],
});

it("puts who loses most first, and what nobody answers for last", () => {
  const groups = grouped([one("a", "", "breaks"), one("b", "x", "notify"), one("c", "y", "breaks"), one("d", "x", "must adapt")], "department");
  expect(groups.map(({ key, breaks, adapt, told }) => [key, breaks, adapt, told])).toEqual([["y", 1, 0, 0], ["x", 0, 1, 1], ["", 1, 0, 0]]);
});
