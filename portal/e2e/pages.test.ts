// What holds for every page: axe finds no serious fault in light, dark or English, nothing is wider
// than a phone, the keyboard is seen; and the first page is small, under its policy.
import { existsSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import type { Page } from "playwright-core";
import { about, CITY, CLOSED, dark, EXTENDED, isSeen, needed, serious, settled, withBrowser } from "./browser";

const open = withBrowser();

const PAGES = {
  home: "/",
  results: "/search?q=人口",
  "results without hits": "/search?q=量子纠缠态&f.type=Table",
  "an entry": about("resource", "entry:990100/102002/000001"),
  "a table": about("resource", "dataset:postgres://dw.yunlan.example:5432/dw.ods.ods_rs_sb_d"),
  "a department": about("resource", "org:119901000028101895"),
  "no resource": about("resource", "entry:none"),
  lineage: about("lineage", "dataset:postgres://dw.yunlan.example:5432/dw.ods.ods_ga_czrk_d", { lane: "1" }),
  impact: about("impact", "field:kingbase8://rkk.yunlan.example:54321/rkk.public.dwd_rk_jbxx#hyzk_dm"),
  editing: about("edit", "entry:990100/30700601/000001"),
  import: "/import",
  statistics: "/statistics",
  "the model": "/model",
  "a class": "/model?class=InformationResource",
  "a code list": "/model?codes=SharingType",
  "a link": "/model?link=fieldDerivedFrom",
};

describe("every page", () => {
  it.each(Object.entries(PAGES))("%s: axe finds no serious fault, wide and light or in English on a dark phone; no wider than its window; the keyboard is seen", async (_, path) => {
    const { page } = await open(path, { colorScheme: "light" });
    await settled(page);
    expect(await serious(page)).toEqual([]);
    expect(await unseen(page)).toEqual([]);
    await dark(page);
    await fits(page, PHONE);
    await inEnglish(page, async () => {
      await fits(page, WIDE);
      await fits(page, PHONE);
      expect(await serious(page)).toEqual([]);
    });
  });
});

const PHONE = { width: 390, height: 844 };
const WIDE = { width: 1280, height: 860 };
/** As far as the keyboard is followed into a page. */
const STEPS = 40;

/** Where the keyboard, on its way through a page, is not marked, or covered. */
async function unseen(page: Page): Promise<string[]> {
  const found = new Set<string>();
  for (let step = 0; step < STEPS; step++) {
    await page.keyboard.press("Tab");
    if (await page.evaluate(isSeen)) continue;
    const at = await page.evaluate(() => (document.activeElement === document.body ? "" : document.activeElement?.outerHTML.slice(0, 200)));
    if (!at) break; // out of the page
    found.add(at);
  }
  return [...found];
}

async function fits(page: Page, window: { width: number; height: number }): Promise<void> {
  await page.setViewportSize(window);
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(window.width);
}

/** In English for a while: the browser keeps the language for the pages after. */
async function inEnglish(page: Page, act: () => Promise<void>): Promise<void> {
  await page.getByRole("button", { name: "English" }).click();
  try {
    await page.locator("html[lang=en]").waitFor();
    await settled(page);
    await act();
  } finally {
    await page.evaluate(() => localStorage.clear());
  }
}

describe("a page without its server", () => {
  it("says so, keeps what is there, and is well again with the network", async () => {
    const { page, faults } = await open("/search?q=人口", { userAgent: "a reader on a train" });
    await settled(page);
    await page.context().setOffline(true);
    await page.locator(".offline").waitFor();
    expect(await page.locator(".hit-title").count()).toBeGreaterThan(0);
    await page.getByRole("link", { name: "影响", exact: true }).click().catch(() => undefined);
    await page.context().setOffline(false);
    await page.locator(".offline").waitFor({ state: "detached" });
    await page.goto(CITY + "/search?q=人口");
    await page.locator(".hit-title").first().waitFor();
    faults.splice(0); // what could not be loaded meanwhile is told on the console
  });
});

describe("a ledger whose search is down", () => {
  const folder = () => needed("MULU_PORTAL_EXTENDED_SEARCH");
  const away = () => `${folder()}.away`;
  afterEach(() => {
    if (!existsSync(away())) return;
    rmSync(folder());
    renameSync(away(), folder());
  });

  it("says so on every page, shows what needs no search, and is whole again by itself", async () => {
    const { page } = await open("/search?q=路灯", { base: EXTENDED });
    await page.locator(".hit-title", { hasText: "人民路 12 号路灯" }).waitFor();
    renameSync(folder(), away());
    writeFileSync(folder(), "a file where the folder should be");
    const box = page.getByRole("combobox", { name: "检索" });
    await box.fill("公用设施");
    await box.press("Enter");
    const bar = page.locator(".offline", { hasText: "检索暂时不可用" });
    await bar.waitFor();
    await page.locator(".failure", { hasText: "mulu reindex" }).waitFor();
    expect(await serious(page)).toEqual([]);
    await page.getByRole("link", { name: "首页", exact: true }).click();
    await page.locator(".commit").first().getByRole("link").first().click();
    await page.getByRole("heading", { level: 1, name: "人民路 12 号路灯" }).waitFor();
    await page.locator("#history .timeline li").first().waitFor();
    expect(await bar.isVisible()).toBe(true);
    await page.getByRole("link", { name: "首页", exact: true }).click();
    rmSync(folder());
    renameSync(away(), folder());
    await bar.waitFor({ state: "detached" });
    await page.locator(".glance .tile").first().waitFor();
  });
});

describe("a resource on paper", () => {
  it("is all there, without menu and buttons", async () => {
    const { page } = await open(PAGES["an entry"]);
    await settled(page);
    await page.emulateMedia({ media: "print" });
    expect(await page.locator(".head").isVisible()).toBe(false);
    expect(await page.locator(".foot").isVisible()).toBe(false);
    expect(await page.locator("main h1").isVisible()).toBe(true);
    expect(await page.locator("#hasItem tbody tr").count()).toBeGreaterThan(10);
  });
});

describe("a server that asks who is there", () => {
  it("lets in a reader with a token, and nobody else", async () => {
    const { page, faults } = await open("/", { base: CLOSED, userAgent: "a stranger", started: ".sign-in" });
    expect(await page.locator("main").count()).toBe(0);
    const submit = page.getByRole("button", { name: "登录", exact: true });
    await page.getByLabel("访问令牌").fill("mulu_nobody");
    await submit.click();
    await page.locator(".sign-in [role=alert]").waitFor();
    await page.getByLabel("访问令牌").fill(needed("MULU_PORTAL_TOKEN"));
    await submit.click();
    await page.locator("main h1").waitFor();
    await page.locator(".sign-in").waitFor({ state: "detached" });
    const saved = page.waitForEvent("download"); // the token goes along with a file, too
    await page.getByRole("link", { name: "导出全部" }).click();
    expect((await saved).suggestedFilename()).toMatch(/jsonl/);
    faults.splice(0); // 401 is told on the console
  });
});

describe("the first page", () => {
  it("needs less than 300 KB of script, gzipped", async () => {
    const { page, requests } = await open("/");
    await settled(page);
    const scripts = [...new Set(requests.filter((address) => address.endsWith(".js")))];
    expect(scripts.length).toBeGreaterThan(0);
    const bodies = await Promise.all(scripts.map(async (address) => Buffer.from(await (await fetch(address)).arrayBuffer())));
    const size = bodies.reduce((sum, body) => sum + gzipSync(body).length, 0);
    expect(size).toBeLessThan(300_000);
  });

  it("runs no script that is not of this server", async () => {
    const policy = (await fetch(CITY)).headers.get("content-security-policy");
    expect(policy).toContain("script-src 'self';");
    const { page, faults } = await open("/");
    const run = await page.evaluate(() => {
      const script = document.createElement("script");
      script.textContent = "window.smuggled = true";
      document.body.append(script);
      return "smuggled" in window;
    });
    expect(run).toBe(false);
    expect(faults.splice(0)).toEqual([expect.stringContaining("Content Security Policy")]);
  });
});
