// The tasks of three readers, from search to answer.
import { describe, expect, it } from "vitest";
import { settled, withBrowser } from "./browser";

const open = withBrowser();
const isDescending = (told: readonly string[]) => told.join() === [...told].sort().reverse().join();

describe("an official who has never seen it", () => {
  it("finds who provides 社保缴费, how it is shared, how fresh it is, and whom to call", async () => {
    const { page } = await open("/");
    await page.getByRole("combobox", { name: "检索" }).fill("社保缴费");
    await page.keyboard.press("Enter");
    const first = page.locator(".hits li").first();
    await expect.poll(() => first.innerText()).toContain("有条件共享");
    expect(page.url()).toContain("/search?q=");
    expect(await first.innerText()).toContain("云澜市人力资源和社会保障局");
    await first.getByRole("link").first().click();
    await page.getByRole("heading", { level: 1, name: "社会保险缴费信息" }).waitFor();
    await settled(page);
    const text = await page.locator("main").innerText();
    for (const told of ["云澜市人力资源和社会保障局", "有条件共享", "资格核验", "每日", "2026-01-14", "0990-8611083"]) {
      expect(text).toContain(told);
    }
    await expect.poll(() => page.locator("#hasItem tbody tr").count()).toBeGreaterThan(10);
  });

  it("goes in by a way that the first page offers, and has the newest first", async () => {
    const { page } = await open("/");
    const way = page.locator(".way-group", { hasText: "部门" }).getByRole("link").first();
    const [, name, number] = /^(.+?)\s*([\d,]+)$/.exec((await way.innerText()).replace(/\s+/g, " ")) ?? [];
    await way.click();
    await expect.poll(() => page.locator(".found-head").innerText()).toContain(`共 ${number} 个`);
    expect(await page.locator(".chosen").innerText()).toContain(name);
    await page.getByRole("combobox", { name: "排序" }).click();
    await page.getByRole("option", { name: "最近更新" }).click();
    await expect.poll(() => page.url()).toContain("sort=dataUpdatedAt.desc");
    const days = async () => (await page.locator(".hits").innerText()).match(/(?<=更新于 )[\d-]+/g) ?? [];
    await expect.poll(async () => (await days()).length > 1 && isDescending(await days())).toBe(true);
  });

  it("looks among catalogue entries alone by one click", async () => {
    const { page } = await open("/search?q=缴费");
    await page.getByRole("navigation", { name: "查什么" }).getByRole("link", { name: "目录条目" }).click();
    await expect.poll(() => page.url()).toContain("f.type=InformationResource");
    const kinds = async () => [...new Set(await page.locator(".hits h2 .badge").allInnerTexts())].sort();
    await expect.poll(kinds).toEqual(["信息资源", "数据资源"]);
    expect(await page.locator(".chosen").count()).toBe(0);
  });

  it("is helped on where nothing is found", async () => {
    const { page } = await open("/search?q=量子 缴费&f.type=Table&f.department=云澜市数据局");
    await page.getByRole("link", { name: "不限条件检索" }).click();
    await expect.poll(() => new URL(page.url()).search).not.toContain("f.");
  });

  it("comes back to the same results, and keeps them on reload", async () => {
    const { page } = await open("/search?q=人口");
    const facet = page.getByRole("link", { name: /^信息资源 \d+$/ });
    const number = /\d+$/.exec((await facet.innerText()).replace(/\s+/g, " "))?.[0];
    await facet.click();
    await expect.poll(() => page.locator(".found-head").innerText()).toContain(`共 ${number} 个`);
    await page.locator('.results[aria-busy="false"]').waitFor();
    const before = await page.locator(".hit-title").allInnerTexts();
    await page.locator(".hit-title").first().click();
    await page.locator(".resource").waitFor();
    await page.goBack();
    await expect.poll(() => page.locator(".hit-title").allInnerTexts()).toEqual(before);
    await page.reload();
    await expect.poll(() => page.locator(".hit-title").allInnerTexts()).toEqual(before);
  });
});

describe("an engineer in a hurry", () => {
  it("gets from / to a table's fields and neighbours by keyboard alone", async () => {
    const { page } = await open("/statistics");
    await page.keyboard.press("/");
    await page.keyboard.type("社保缴费贴源表");
    await page.getByRole("option").first().waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "社保缴费贴源表" }).waitFor();
    await expect.poll(() => page.locator("#hasField tbody").innerText()).toContain("numeric(12,2)");
    await expect.poll(() => page.locator("#neighbours").innerText()).toContain("社会保险缴费信息表");
    expect(await page.locator("#neighbours").innerText()).toContain("个人缴费月数汇总表");
    const linked = await page.locator(".machine").getByRole("link", { name: /^\/jsonld/ }).getAttribute("href");
    const told = await page.request.get(new URL(linked ?? "", page.url()).href);
    expect(told.headers()["content-type"]).toContain("application/ld+json");
    expect(await told.text()).toContain("社保缴费贴源表");
  });

  it("walks the hits with arrows and opens one with Enter", async () => {
    const { page } = await open("/search?q=缴费");
    await settled(page);
    const second = await page.locator(".hit-title").nth(1).innerText();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: second }).waitFor();
  });

  it("filters and sorts a table of fields", async () => {
    const { page } = await open(`/resource?${new URLSearchParams({ id: "dataset:postgres://dw.yunlan.example:5432/dw.ods.ods_rs_sb_d" })}`);
    await page.getByRole("textbox", { name: /筛选/ }).fill("char(3)");
    await expect.poll(() => page.locator("#hasField tbody .ant-table-row").count()).toBe(1);
  });
});

describe("a reviewer", () => {
  it("sees where sources disagree, and who says what", async () => {
    const { page } = await open("/statistics");
    await page.locator("#conflicts").getByRole("link", { name: "企业登记基本信息" }).click();
    const text = () => page.locator("#conflicts").innerText();
    await expect.poll(text).toContain("公共数据开放平台");
    expect(await text()).toMatch(/有条件共享[\s\S]*部门编目[\s\S]*无条件共享/);
  });

  it("reads how it was then, by the city's clock wherever the reader is", async () => {
    const { page } = await open(`/resource?${new URLSearchParams({ id: "entry:990100/30701001/000002" })}`, { timezoneId: "America/Lima" });
    const told = page.locator("#history time").first();
    const at = new Date((await told.getAttribute("datetime")) as string);
    expect(await told.innerText()).toBe(at.toLocaleString("sv-SE", { timeZone: "Asia/Shanghai" }).slice(0, 16));
    await page.locator("#history").getByRole("link", { name: "看当时" }).first().click();
    await expect.poll(() => page.url()).toContain("at=");
    await page.getByText("这是提交").waitFor();
  });

  it("opens the list behind a number, and it is as long as the number says", async () => {
    const { page } = await open("/statistics");
    const link = page.locator(".cover").first().getByRole("link", { name: /还差/ });
    const number = /[\d,]+/.exec(await link.innerText())?.[0];
    await link.click();
    await expect.poll(() => page.locator(".found-head").innerText()).toContain(`共 ${number} 个`);
  });

  it("opens the lists that no search counts", async () => {
    const { page } = await open("/statistics");
    await page.locator(".tiles").getByRole("link", { name: "已注销" }).click();
    const tile = await page.locator(".tiles").getByRole("link", { name: "已注销" }).locator("strong").innerText();
    await page.locator(".listed li").first().waitFor();
    expect(await page.locator(".listed li").count()).toBe(Number(tile));
    await page.locator(".covers").getByRole("link", { name: /还差/ }).last().click();
    await page.locator("#list h2", { hasText: "没有血缘的数据集" }).waitFor();
    await page.getByRole("link", { name: "收起清单" }).click();
    await page.locator("#list").waitFor({ state: "detached" });
  });

  it("reads how a link carries a change", async () => {
    const { page } = await open("/model?link=fieldDerivedFrom");
    await expect.poll(() => page.locator(".spreads").innerText()).toContain("删除、改名 → 中断");
  });
});

describe("a reader of English", () => {
  it("has the portal in English by one switch, kept for the next page", async () => {
    const { page } = await open("/", { userAgent: "another reader" });
    await page.getByRole("button", { name: "English" }).click();
    await page.getByRole("heading", { level: 1, name: "What data does this city have?" }).waitFor();
    await page.getByRole("link", { name: "Statistics" }).click();
    await page.getByRole("heading", { level: 2, name: "Coverage" }).waitFor();
    expect(await page.locator("html").getAttribute("lang")).toBe("en");
  });
});
