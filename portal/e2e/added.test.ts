// The test of the idea: 城市部件, added by a TTL file, has its page, its facets and its place
// in the model with no line of this portal.
import { describe, expect, it } from "vitest";
import { EXTENDED, settled, withBrowser } from "./browser";

const open = withBrowser();

describe("a class that a city added", () => {
  it("is found, filtered by its own facet, and has its page", async () => {
    const { page } = await open("/search?q=路灯", { base: EXTENDED });
    await page.locator(".hit-title", { hasText: "人民路 12 号路灯" }).click();
    await page.getByRole("heading", { level: 1, name: "人民路 12 号路灯" }).waitFor();
    await settled(page);
    const text = await page.locator("main").innerText();
    for (const told of ["城市部件", "部件标识码", "9901020100000001", "部件大类", "公用设施类", "巡查间隔（天）", "30", "安装日期", "2024-05-01"]) {
      expect(text).toContain(told);
    }
  });

  it("stands in the model with its attributes and links", async () => {
    const { page } = await open("/model?class=UrbanComponent", { base: EXTENDED });
    await settled(page);
    const text = await page.locator(".model-main").innerText();
    for (const told of ["城市部件", "部件标识码", "登记于", "处置事项"]) expect(text).toContain(told);
  });
});
