// What there is to do, done by keyboard alone. Editing, the canvas and the hits have such journeys
// beside their others.
import { describe, expect, it } from "vitest";
import { about, reach, withBrowser } from "./browser";

const open = withBrowser();
const FIELD = "field:kingbase8://rkk.yunlan.example:54321/rkk.public.dwd_rk_jbxx#hyzk_dm";
const LIST = "机构名称,简称,统一社会信用代码\n云澜市键盘局,键盘局,11990100MB2222222K\n,无名局,\n";

describe("the keyboard alone", () => {
  it("skips the menu, searches from the first page and opens a suggestion", async () => {
    const { page } = await open("/");
    await reach(page, ".skip");
    await page.keyboard.press("Enter");
    await page.locator("main:focus").waitFor();
    await reach(page, "main input[role=combobox]"); // the first thing in it
    await page.keyboard.type("人口基本信息");
    await page.getByRole("option").first().waitFor();
    await page.keyboard.press("Escape");
    await expect.poll(() => page.getByRole("option").count()).toBe(0);
    await page.keyboard.press("ArrowDown");
    await page.getByRole("option").first().waitFor();
    await page.keyboard.press("ArrowDown");
    const chosen = await page.locator("[role=option][aria-selected=true] span").innerText();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: chosen }).waitFor();
    await page.locator("main:focus").waitFor(); // the new page has the keyboard
  });

  it("switches to dark and to English, and stays at the switch", async () => {
    const { page } = await open("/model", { locale: "en" });
    await reach(page, ".head-tools button:first-child");
    await page.keyboard.press("Enter");
    await page.locator("html[data-look=dark]").waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.locator("html[lang=en]").waitFor();
    await page.getByRole("heading", { level: 1, name: "The model" }).waitFor();
    await page.keyboard.press("Enter");
    await page.locator("html[lang=zh-CN]").waitFor();
  });

  it("asks what a change reaches, why, and takes the list along", async () => {
    const { page } = await open("/impact");
    await reach(page, "#im-what");
    await page.keyboard.type("婚姻状况");
    await page.locator(".ant-select-item-option").first().waitFor();
    await page.keyboard.press("Enter");
    await expect.poll(() => page.url()).toContain("id=");
    await page.keyboard.press("Escape");
    await reach(page, "#im-change");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.url()).toContain("change=");
    await page.goto(new URL(about("impact", FIELD), page.url()).href);
    await page.locator(".im-counts").waitFor();
    await reach(page, ".im-bar button:nth-of-type(2)");
    const saved = page.waitForEvent("download");
    await page.keyboard.press("Enter");
    expect((await saved).suggestedFilename()).toBe("impact.xlsx");
    await reach(page, '[aria-label*="为什么: "]');
    await page.keyboard.press("Enter");
    await page.locator(".im-path li").nth(1).waitFor();
    await page.locator('[aria-expanded=true][aria-label*="为什么: "]:focus').waitFor();
  });

  it("hands in a file, corrects a column, takes the refused rows, writes and takes back", async () => {
    const { page } = await open("/import");
    await reach(page, ".ant-upload");
    const asked = page.waitForEvent("filechooser");
    await page.keyboard.press("Enter");
    await (await asked).setFiles({ name: `键盘-${Date.now()}.csv`, mimeType: "text/csv", buffer: Buffer.from(LIST) });
    await page.locator(".ip-counts").waitFor();
    await page.locator(".ip:focus").waitFor(); // where the drop was, not nowhere
    await reach(page, '[aria-label="理解为 简称"]');
    await page.keyboard.type("不读取");
    await page.keyboard.press("Enter");
    await reach(page, ".ip-section > button:enabled");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.locator(".ip-sheet .number").innerText()).toBe("2/3");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain("按更正重新核对");
    await reach(page, ".ip-section div > button");
    const rejected = page.waitForEvent("download");
    await page.keyboard.press("Enter");
    expect((await rejected).suggestedFilename()).toMatch(/\.xlsx$/);
    await reach(page, "#ip-reason");
    await page.keyboard.type("没有鼠标");
    await reach(page, ".ip-decide button:enabled");
    await page.keyboard.press("Enter");
    await page.getByText(/已写入，提交 \d+/).waitFor();
    await page.locator(".ip:focus").waitFor();
    await reach(page, ".ant-alert-success button");
    await page.keyboard.press("Enter");
    await page.getByText(/已撤销，新提交 \d+/).waitFor();
  });

  it("opens the list behind a number", async () => {
    const { page } = await open("/statistics");
    await page.locator(".tiles a").first().waitFor();
    await reach(page, '.tiles a[href*="list=provisional"]');
    await page.keyboard.press("Enter");
    await page.locator("#list .listed a").first().waitFor();
    await reach(page, "#list .listed a");
    await page.keyboard.press("Enter");
    await page.locator(".resource h1").waitFor();
  });

  it("reads the model: another tab, a word to filter by, a class", async () => {
    const { page } = await open("/model");
    await page.locator(".model-tabs a").first().waitFor();
    await reach(page, ".model-tabs a[href*=codes]");
    await page.keyboard.press("Enter");
    await page.locator(".model-tabs a[href*=codes][aria-current]:focus").waitFor();
    await reach(page, ".model-nav input");
    await page.keyboard.type("共享类型");
    await expect.poll(() => page.locator(".model-nav li").count()).toBe(1);
    await reach(page, ".model-nav li a");
    await page.keyboard.press("Enter");
    await page.locator(".model-main", { hasText: "有条件共享" }).waitFor();
  });

  it("is kept in a dialog while it is open, and is back where it was after", async () => {
    const { page } = await open(about("edit", "entry:990100/30700601/000001"));
    await page.locator("#ed-abstract").fill("没有保存的说法");
    await page.locator(".menu a[href='/statistics']").focus();
    await page.keyboard.press("Enter");
    await page.getByText("修改还没有保存").waitFor();
    for (let step = 0; step < 8; step++) {
      await page.keyboard.press("Tab");
      // Past its end is the browser itself, and then the dialog again: nothing of the page.
      expect(await page.evaluate(() => document.activeElement === document.body || document.activeElement?.closest(".ant-modal") !== null)).toBe(true);
    }
    await page.keyboard.press("Escape");
    await page.getByText("修改还没有保存").waitFor({ state: "hidden" });
    await page.locator(".menu a[href='/statistics']:focus").waitFor();
  });

  it("opens what is behind an arrow of a lineage, and is back at the box after", async () => {
    const { page } = await open(about("lineage", "dataset:postgres://dw.yunlan.example:5432/dw.ods.ods_ga_czrk_d"));
    await page.locator('.ln-frame[aria-busy="false"] .ln-start').waitFor();
    const box = page.locator(".react-flow__node", { has: page.locator(".ln-start") });
    await box.focus();
    await page.keyboard.press("Enter");
    await page.locator(".ln-panel").waitFor();
    await reach(page, ".ln-panel li button");
    await page.keyboard.press("Enter");
    await page.locator(".ln-edge").first().waitFor();
    await page.keyboard.press("Escape");
    await page.locator(".ln-panel").waitFor({ state: "hidden" });
    await expect.poll(() => page.evaluate(() => document.activeElement !== document.body)).toBe(true);
  });
});
