// A browser on the portal of a running server. Every page is watched: no error on its
// console, no exception, no request to another host.
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";

/** The sample city, and a ledger whose ontology has a class more. */
export const CITY = needed("MULU_PORTAL");
export const EXTENDED = needed("MULU_PORTAL_EXTENDED");

function needed(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} names no server: run these tests by pytest tests/portal`);
  return value;
}

const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export interface Opened {
  page: Page;
  /** What went wrong so far. */
  faults: string[];
  /** Every request, by address. */
  requests: string[];
}

type Options = BrowserContextOptions & { base?: string };

/** A browser for the tests of a file. Pages share a context (its cache spares them loading
 * the same files over and over) unless they ask for other options; each is closed, and its
 * faults are told, after the test that opened it. */
export function withBrowser(): (path: string, options?: Options) => Promise<Opened> {
  let browser: Browser;
  let opened: Opened[] = [];
  const contexts = new Map<string, Promise<BrowserContext>>();
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: needed("MULU_CHROMIUM"), args: QUIET });
  });
  afterAll(() => browser?.close());
  afterEach(async () => {
    const faults = opened.flatMap((one) => one.faults);
    await Promise.all(opened.map(({ page }) => page.close()));
    opened = [];
    expect(faults).toEqual([]);
  });
  return async (path, { base = CITY, ...options } = {}) => {
    const key = JSON.stringify(options);
    const context = contexts.get(key) ?? browser.newContext({ viewport: { width: 1280, height: 860 }, reducedMotion: "reduce", ...options });
    contexts.set(key, Promise.resolve(context));
    const page = await (await context).newPage();
    const one: Opened = { page, faults: [], requests: [] };
    opened.push(one);
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") one.faults.push(`console: ${message.text()}`);
    });
    page.on("pageerror", (error) => one.faults.push(`exception: ${error.message}`));
    page.on("request", (request) => {
      one.requests.push(request.url());
      if (new URL(request.url()).origin !== base) one.faults.push(`request to ${request.url()}`);
    });
    await page.goto(base + path);
    await page.locator("main h1").first().waitFor();
    return one;
  };
}

/** Until nothing is on its way any more. */
export async function settled(page: Page): Promise<void> {
  await page.waitForLoadState("networkidle");
  await page.locator("main .loading").first().waitFor({ state: "detached" });
}
