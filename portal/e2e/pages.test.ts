// What holds for every page: axe finds no serious fault in light or dark, nothing is wider
// than a phone; and the first page is small, under its policy.
import axe from "axe-core";
import { gzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { CITY, settled, withBrowser } from "./browser";

const open = withBrowser();

const resource = (id: string) => `/resource?${new URLSearchParams({ id })}`;

const PAGES = {
  home: "/",
  results: "/search?q=人口",
  "results without hits": "/search?q=量子纠缠态&f.type=Table",
  "an entry": resource("entry:990100/102002/000001"),
  "a table": resource("dataset:postgres://dw.yunlan.example:5432/dw.ods.ods_rs_sb_d"),
  "a department": resource("org:119901000028101895"),
  "no resource": resource("entry:none"),
  statistics: "/statistics",
  "a class": "/model?class=InformationResource",
  "a code list": "/model?codes=SharingType",
  "a link": "/model?link=fieldDerivedFrom",
};

interface Violation {
  id: string;
  impact: string | null;
  nodes: { html: string; failureSummary?: string }[];
}

describe("every page", () => {
  it.each(Object.entries(PAGES))("%s: axe finds no serious fault, in light or on a dark phone; no wider than that", async (_, path) => {
    const { page } = await open(path, { colorScheme: "light" });
    await settled(page);
    await page.evaluate(axe.source);
    expect(await faults(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: "dark" });
    await page.locator('html[data-look="dark"]').waitFor();
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    expect(await faults(page)).toEqual([]);
  });
});

async function faults(page: Page): Promise<string[]> {
  const found = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } };
    return (await axe.run()).violations;
  });
  return found
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.slice(0, 3).map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`));
}

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
