// A browser on the portal of a running server. Every page is watched: no error on its
// console, no exception, no request to another host.
import axe from "axe-core";
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page, type Request } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";

/** The sample city, a ledger whose ontology has a class more, and one that asks for a token. */
export const CITY = needed("MULU_PORTAL");
export const EXTENDED = needed("MULU_PORTAL_EXTENDED");
export const CLOSED = needed("MULU_PORTAL_CLOSED");

/** A busy machine is slow, not broken: how long a page may take for anything. */
export const PATIENCE = 90_000;

export function needed(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} names no server: run these tests by pytest tests/portal`);
  return value;
}

export const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The address of a page about this resource. */
export const about = (page: string, id: string, more: Record<string, string> = {}): string => `/${page}?${new URLSearchParams({ id, ...more })}`;

export interface Opened {
  page: Page;
  /** What went wrong so far. */
  faults: string[];
  /** Every request, by address. */
  requests: string[];
}

/** `started`: what shows that the page is there. */
type Options = BrowserContextOptions & { base?: string; started?: string };

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
  return async (path, { base = CITY, started = "main h1", ...options } = {}) => {
    const key = JSON.stringify(options);
    const context = contexts.get(key) ?? browser.newContext({ viewport: { width: 1280, height: 860 }, reducedMotion: "reduce", ...options });
    contexts.set(key, Promise.resolve(context));
    const page = await (await context).newPage();
    page.setDefaultTimeout(PATIENCE);
    const one: Opened = { page, faults: [], requests: [] };
    opened.push(one);
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") one.faults.push(`console: ${message.text()}`);
    });
    page.on("pageerror", (error) => one.faults.push(`exception: ${error.message}`));
    const asked = new Set<Request>();
    underway.set(page, asked);
    page.on("requestfinished", (request) => asked.delete(request));
    page.on("requestfailed", (request) => asked.delete(request));
    page.on("request", (request) => {
      asked.add(request);
      one.requests.push(request.url());
      if (new URL(request.url()).origin !== base) one.faults.push(`request to ${request.url()}`);
    });
    await page.goto(base + path);
    await page.locator(started).first().waitFor();
    return one;
  };
}

interface Violation {
  id: string;
  impact: string | null;
  nodes: { html: string; failureSummary?: string }[];
}

/** The serious faults that axe finds, once colours have stopped gliding over. */
export async function serious(page: Page): Promise<string[]> {
  await page.waitForFunction(() => document.getAnimations().every(({ playState }) => playState !== "running"));
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source);
  const found = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(options: object): Promise<{ violations: Violation[] }> } };
    // Targets of 24 pixels or with room around them are WCAG 2.2 AA, which axe asks for only when told.
    return (await axe.run({ resultTypes: ["violations"], rules: { "target-size": { enabled: true } } })).violations;
  });
  return found
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.slice(0, 3).map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`));
}

/** Turn the page dark and wait until it is. */
export async function dark(page: Page): Promise<void> {
  await page.emulateMedia({ colorScheme: "dark" });
  await page.locator('html[data-look="dark"]').waitFor();
}

/** Requests without an answer yet. */
const underway = new WeakMap<Page, Set<Request>>();
/** Milliseconds without any after which there are no more to come. (`networkidle` waits 500.) */
const QUIET_FOR = 150;

/** Until nothing is on its way any more. */
export async function settled(page: Page): Promise<void> {
  await page.waitForLoadState();
  let busy = Date.now();
  while (Date.now() - busy < QUIET_FOR) {
    if (underway.get(page)?.size) busy = Date.now();
    await page.waitForTimeout(25);
  }
  await page.locator("main .loading").first().waitFor({ state: "detached" });
}

/** Tab on until the keyboard is there, and seen to be there. */
export async function reach(page: Page, place: string): Promise<void> {
  for (let step = 0; step < 200; step++) {
    await page.keyboard.press("Tab");
    if (!(await page.evaluate((place) => document.activeElement?.matches(place), place))) continue;
    expect(await page.evaluate(isSeen), `the keyboard at ${place} is not seen`).toBe(true);
    return;
  }
  throw new Error(`no way to ${place} by Tab`);
}

/** Whether what has the keyboard is marked, by itself or by the field that it is in, and not covered. */
export function isSeen(): boolean {
  const at = document.activeElement;
  if (!at || at === document.body) return false;
  const marked = (element: Element | null): boolean => {
    if (!element || element === document.body) return false;
    return [undefined, "::after"].some((part) => {
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element, part);
      return (outlineStyle !== "none" && parseFloat(outlineWidth) > 0) || boxShadow !== "none";
    });
  };
  const field = at.closest(".ant-select, .ant-input-affix-wrapper, .ant-segmented-item, .ant-checkbox-wrapper, .ant-radio-wrapper, .ant-slider-handle, .search-box");
  const mark = marked(at) || marked(field) || [...(field?.querySelectorAll("*") ?? [])].some(marked);
  const { left, top, width, height } = (field ?? at).getBoundingClientRect();
  const there = document.elementFromPoint(left + Math.min(width, innerWidth) / 2, top + Math.min(height / 2, 20));
  return mark && there !== null && (at.contains(there) || there.contains(at) || field?.contains(there) === true);
}
