// How long pages and interactions take over the sample city, by the page's own clock: a page from
// its address being asked for until all of its content is painted, in a browser that has nothing
// of it yet (cold) and in one that was there before (warm); an interaction from the reader's key
// or click until what it comes to is painted. Not among the journeys: `make bench` asks for it.
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, it } from "vitest";
import { about, CITY, needed, PATIENCE, QUIET } from "./browser";
import { middleAndWorst, tell } from "./figures";

const ROUNDS = 5;
const TABLE = "dataset:postgres://dw.yunlan.example:5432/dw.ods.ods_ga_czrk_d";
const FIELD = "field:kingbase8://rkk.yunlan.example:54321/rkk.public.dwd_rk_jbxx#hyzk_dm";
const WIDE = { width: 1280, height: 860 };

/** Where each page is, and what of it comes last. Nothing may be on its way beside. */
const PAGES: Record<string, [address: string, last: string]> = {
  "home": ["/", ".way-group li, .recent .commit"],
  "results": ["/search?q=人口", ".hits li"],
  "an entry": [about("resource", "entry:990100/102002/000001"), "#hasItem tbody tr, #history li"],
  "a table": [about("resource", TABLE), "#hasField tbody tr, #neighbours a, #history li"],
  "a department": [about("resource", "org:119901000028101895"), "aside a, #history li"],
  "a system": [about("resource", "system:YL-XT-0053"), "aside a, #history li"],
  "lineage": [about("lineage", TABLE, { lane: "1" }), '.ln-frame[aria-busy="false"] .ln-start'],
  "impact": [about("impact", FIELD), ".im-counts, .ant-table-row"],
  "edit form": [about("edit", "entry:990100/30700601/000001"), "#ed-title, .ed-history li"],
  "import": ["/import", ".ant-upload-drag"],
  "statistics": ["/statistics", ".chart path, .commit"],
  "model, a class": ["/model?class=InformationResource", ".model-table tr"],
  "model, whole": ["/model", ".chart path, .model-table tr"],
};

let browser: Browser;
beforeAll(async () => {
  browser = await chromium.launch({ executablePath: needed("MULU_CHROMIUM"), args: QUIET });
});
afterAll(() => browser?.close());

async function blank(): Promise<Page> {
  const page = await (await browser.newContext({ viewport: WIDE })).newPage();
  page.setDefaultTimeout(PATIENCE);
  return page;
}

describe("a page", () => {
  it.each(Object.entries(PAGES))("%s", async (name, [address, last]) => {
    const cold: number[] = [];
    const warm: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const page = await blank();
      await page.addInitScript(watchFor, last);
      for (const rounds of [cold, warm]) {
        await page.goto(CITY + address);
        rounds.push(await told(page));
      }
      await page.context().close();
    }
    tell(`page: ${name}`, { ...middleAndWorst("cold", cold), ...middleAndWorst("warm", warm) });
  });
});

/** Notes when all of these have been painted and nothing is on its way. */
function watchFor(last: string) {
  const parts = last.split(", ");
  const there = () => parts.every((part) => document.querySelector(part)) && !document.querySelector("main .loading, main [aria-busy=true], main .ant-spin-spinning");
  const look = () => {
    if (!there()) requestAnimationFrame(look);
    else requestAnimationFrame(() => Object.assign(window, { told: performance.now() }));
  };
  requestAnimationFrame(look);
}

const told = (page: Page): Promise<number> =>
  page.waitForFunction(() => (window as unknown as { told?: number }).told).then((found) => found.jsonValue() as Promise<number>);

describe("an interaction", () => {
  const open = async (path: string, there: string) => {
    const page = await blank();
    await page.goto(CITY + path);
    await page.locator(there).first().waitFor();
    await page.waitForLoadState("networkidle");
    return page;
  };
  const timed = async (what: string, page: Page, rounds: readonly { before?: () => Promise<void>; act: (page: Page) => Promise<void>; until: Until }[]) => {
    const found: number[] = [];
    for (const { before, act, until } of rounds) {
      await before?.();
      await page.evaluate(watchInput, until);
      await act(page);
      found.push(await told(page));
    }
    tell(`interaction: ${what}`, middleAndWorst("answered", found));
    await page.context().close();
  };
  const click = (selector: string) => (page: Page) => page.locator(selector).first().click();
  const press = (key: string) => (page: Page) => page.keyboard.press(key);

  it("a letter until its suggestions are painted", async () => {
    const page = await open("/", ".glance .tile");
    await page.locator("main input[role=combobox]").focus();
    const listed = "main .suggestions:not([hidden]) li";
    const before = async () => {
      await page.locator("main input").fill("");
      await page.locator(listed).first().waitFor({ state: "hidden" });
    };
    const rounds = [..."rsqyj"].map((letter) => ({ before, act: press(letter), until: { appears: listed } }));
    await timed("a letter typed, its suggestions", page, rounds);
  });

  it("a facet unfolded", async () => {
    const page = await open("/search?q=人口", ".hits li");
    const group = ".facets details:nth-of-type(2)";
    await timed("a facet opened or closed", page, Array.from({ length: ROUNDS }, () => ({ act: click(`${group} summary`), until: { toggles: `${group}` } })));
  });

  it("a facet chosen", async () => {
    const page = await open("/search?q=信息", ".hits li");
    await timed("a facet value chosen, new hits", page, Array.from({ length: ROUNDS }, (_, n) => ({ act: click(`.facets details:nth-of-type(1) li:nth-child(${n + 1}) a`), until: { changes: ".found-head p" } })));
  });

  it("a tab", async () => {
    const page = await open("/model?class=InformationResource", ".model-table tr");
    await timed("another tab of the model", page, Array.from({ length: ROUNDS }, (_, n) => ({ act: click(`.model-tabs a:nth-child(${2 + ((n + 1) % 3)})`), until: { changes: ".model-main" } })));
  });

  it("picture and list", async () => {
    const page = await open(about("lineage", TABLE), '.ln-frame[aria-busy="false"] .ln-start');
    await timed("lineage as list, as picture", page, Array.from({ length: ROUNDS }, (_, n) => ({ act: click(`.ln-tools .ant-segmented-item[title=${n % 2 ? "图" : "清单"}], .ln-tools .ant-segmented-item:has-text("${n % 2 ? "图" : "清单"}")`), until: { appears: n % 2 ? ".ln-frame .ln-start" : ".ln-frame table" } })));
  });

  it("a box unfolded", async () => {
    const page = await open(about("lineage", TABLE), '.ln-frame[aria-busy="false"] .ln-start');
    const box = ".react-flow__node:has(.ln-start)";
    await timed("a box unfolded or folded", page, Array.from({ length: ROUNDS }, (_, n) => ({ act: click(`${box} .ln-deed`), until: n % 2 ? { goes: `${box} .ln-row` } : { appears: `${box} .ln-row` } })));
  });

  it("language and look", async () => {
    const languages = await open("/search?q=人口", ".hits li");
    await timed("another language", languages, Array.from({ length: ROUNDS }, () => ({ act: click(".head-tools button:nth-child(2)"), until: { changes: ".menu" } })));
    const looks = await open("/search?q=人口", ".hits li");
    await timed("dark or light", looks, Array.from({ length: ROUNDS }, (_, n) => ({ act: click(".head-tools button:nth-child(1)"), until: { appears: `html[data-look=${n % 2 ? "light" : "dark"}]` } })));
  });

  it("a page within the portal", async () => {
    const page = await open("/statistics", ".chart path");
    const ways: [string, string][] = [["/model", ".chart path"], ["/import", ".ant-upload-drag"], ["/", ".recent .commit"], ["/statistics", ".chart path"], ["/search", ".hits li"]];
    await timed("another page by the menu", page, ways.map(([to, there]) => ({ act: click(`.menu a[href="${to}"]`), until: { appears: there } })));
  });
});

/** What shows that an interaction is answered: this appears, goes, reads differently, is open or not. */
type Until = Partial<Record<"appears" | "goes" | "changes" | "toggles", string>>;

/** Notes how long it took from the next key or click until it was answered and painted. */
function watchInput({ appears, goes, changes, toggles }: Until) {
  const state = () => {
    if (changes) return document.querySelector(changes)?.textContent;
    if (toggles) return document.querySelector<HTMLDetailsElement>(toggles)?.open;
    return Boolean(document.querySelector((appears ?? goes) as string));
  };
  const before = state();
  Object.assign(window, { told: undefined });
  const heard = ({ timeStamp }: Event) => {
    removeEventListener("keydown", heard, true);
    removeEventListener("pointerup", heard, true);
    const look = () => {
      if (state() === before) requestAnimationFrame(look);
      else requestAnimationFrame(() => Object.assign(window, { told: performance.now() - timeStamp }));
    };
    requestAnimationFrame(look);
  };
  addEventListener("keydown", heard, true);
  addEventListener("pointerup", heard, true);
}
