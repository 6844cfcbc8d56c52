// Lineage and impact in the browser.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { withBrowser } from "./browser";

const open = withBrowser();
const TABLE = "dataset:postgres://dw.yunlan.example:5432/dw.ods.ods_ga_czrk_d";
const FIELD = "field:kingbase8://rkk.yunlan.example:54321/rkk.public.dwd_rk_jbxx#hyzk_dm";
const at = (path: string, told: Record<string, string>) => `${path}?${new URLSearchParams(told)}`;

describe("lineage", () => {
  it("unfolds, tells the rule behind an arrow, and keeps its state in the address", async () => {
    const { page } = await open(at("/lineage", { id: TABLE }));
    await page.locator(".ln-start", { hasText: "数据中台" }).waitFor(); // its system is told once the picture stands
    await page.locator('.ln-frame[aria-busy="false"]').waitFor(); // boxes move until the better layout is there
    const start = page.locator(".react-flow__node", { has: page.locator(".ln-start") });
    const unfold = start.getByRole("button", { name: /^展开字段/ });
    const before = await unfold.boundingBox();
    await unfold.click();
    await expect.poll(() => page.url()).toContain("open=");
    await start.locator(".ln-row").first().waitFor();
    await page.locator('.ln-frame[aria-busy="false"]').waitFor();
    const after = await start.getByRole("button", { name: /^收起字段/ }).boundingBox();
    expect(Math.hypot((after?.x ?? 0) - (before?.x ?? 0), (after?.y ?? 0) - (before?.y ?? 0))).toBeLessThan(3); // under the hand
    await page.getByText("清单", { exact: true }).click();
    await page.getByRole("button", { name: /^加工规则/ }).first().click();
    await page.locator(".ln-panel").waitFor();
    await page.reload();
    await page.locator(".ln-panel").waitFor();
  });

  it("shows what the data are for, and is saved as a file", async () => {
    const { page } = await open(at("/lineage", { id: TABLE, lane: "1" }));
    await page.locator(".ln-purpose").first().waitFor();
    for (const [kind, name, starts] of [["SVG", /\.svg$/, "<svg"], ["PNG", /\.png$/, "\x89PNG"], ["Mermaid", /\.mmd$/, "flowchart"]] as const) {
      await page.getByRole("button", { name: "导出" }).click();
      const saved = page.waitForEvent("download");
      await page.getByRole("menuitem", { name: kind }).click();
      const file = await saved;
      expect(file.suggestedFilename()).toMatch(name);
      expect(readFileSync(await file.path(), "latin1").slice(0, starts.length)).toBe(starts);
    }
  });

  it("traces one column end to end, and tells the SQL behind a step of it", async () => {
    const { page } = await open(at("/lineage", { id: FIELD, depth: "all", as: "list" }));
    await page.getByText("字段路径").waitFor();
    const rows = page.locator("tbody tr", { hasText: "人口基本信息表 · 婚姻状况" });
    await rows.filter({ hasText: "精确" }).first().getByRole("button").click();
    await page.locator(".ln-panel .sql").first().waitFor();
    await page.locator(".ln-panel", { hasText: "作业" }).waitFor();
    await page.locator(".ln-panel", { hasText: "入账时间" }).waitFor();
  });

  it("gathers by system, opens one, and goes step by step", async () => {
    const { page } = await open(at("/lineage", { id: TABLE, group: "system" }));
    const groups = page.locator(".ln-group");
    await groups.first().waitFor();
    const many = await groups.count();
    await page.getByRole("button", { name: /^打开/ }).first().click();
    await expect.poll(() => groups.count()).toBe(many - 1);
    await page.getByRole("button", { name: "再看一步" }).click();
    await expect.poll(() => page.url()).toContain("depth=3");
    await page.goto(new URL(at("/lineage", { id: TABLE, group: "department" }), page.url()).href);
    await groups.filter({ hasText: "云澜市" }).first().waitFor();
  });

  it("marks what came and what went since a day", async () => {
    const { page } = await open(at("/lineage", { id: TABLE, depth: "all", at: "2024-06-01" }));
    await page.locator(".ln-added").first().waitFor();
    await page.locator(".ln-vanished").first().waitFor();
    await page.getByRole("button", { name: "现在" }).click();
    await expect.poll(() => page.locator(".ln-vanished").count()).toBe(0);
  });

  it("is searched, and walked by keyboard alone", async () => {
    const { page } = await open(at("/lineage", { id: TABLE }));
    const start = page.locator(".react-flow__node", { has: page.locator(".ln-start") });
    await start.focus();
    await page.keyboard.press("ArrowRight");
    await page.locator(".react-flow__node:focus", { hasText: "人口基本信息表" }).waitFor();
    await page.keyboard.press("Enter");
    await page.locator(".ln-panel").waitFor();
    await page.getByRole("textbox", { name: "在图中查找" }).fill("老年");
    await page.locator(".ln-found", { hasText: "老年人口汇总表" }).waitFor();
  });
});

describe("impact", () => {
  it("names who must act, and why", async () => {
    const { page } = await open(at("/impact", { id: FIELD }));
    await page.locator(".im-counts").waitFor();
    await page.getByRole("button", { name: /为什么: / }).first().click();
    await page.locator(".im-path li").nth(1).waitFor();
    const saved = page.waitForEvent("download");
    await page.getByRole("button", { name: /下载知会名单/ }).click();
    expect((await saved).suggestedFilename()).toBe("impact.xlsx");
  });
});
