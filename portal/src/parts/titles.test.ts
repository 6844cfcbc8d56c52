import { expect, it } from "vitest";
import { titlesOf, together } from "./titles";

it("finds a title under the name asked for and under the name answered", () => {
  const titles = titlesOf(["matter:旧名", "x:none"], [{ id: "matter:1", title: "人才购房资格确认" }, null]);
  expect(titles.get("matter:旧名")).toBe("人才购房资格确认");
  expect(titles.get("matter:1")).toBe("人才购房资格确认");
  expect(titles.has("x:none")).toBe(false);
});

it("asks for what several fields want at the same time at once, and no more than may be asked", async () => {
  const asked: string[][] = [];
  const titles = together(async (ids) => {
    asked.push(ids);
    return new Map(ids.map((id) => [id, `${id}!`]));
  }, 3);
  const [first, second, third] = await Promise.all([titles(["a", "b"]), titles(["b"]), titles(["c", "d"])]);
  expect(asked).toEqual([["a", "b"], ["c", "d"]]);
  expect([first.get("a"), second.get("b"), third.get("d")]).toEqual(["a!", "b!", "d!"]);
  await titles(["e"]);
  expect(asked).toHaveLength(3);
});
