import { expect, it } from "vitest";
import { titlesOf } from "./titles";

it("finds a title under the name asked for and under the name answered", () => {
  const titles = titlesOf(["matter:旧名", "x:none"], [{ id: "matter:1", title: "人才购房资格确认" }, null]);
  expect(titles.get("matter:旧名")).toBe("人才购房资格确认");
  expect(titles.get("matter:1")).toBe("人才购房资格确认");
  expect(titles.has("x:none")).toBe(false);
});
