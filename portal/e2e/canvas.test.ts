// Lineage and impact in the browser, and how long a large picture takes. Times are printed,
// not judged: a machine has other things to do.
import axe from "axe-core";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { CITY, withBrowser } from "./browser";

const open = withBrowser();
const TABLE = "dataset:postgres://dw.yunlan.example:5432/dw.ods.ods_ga_czrk_d";
const FIELD = "field:kingbase8://rkk.yunlan.example:54321/rkk.public.dwd_rk_jbxx#hyzk_dm";
const at = (path: string, told: Record<string, string>) => `${path}?${new URLSearchParams(told)}`;

describe("lineage", () => {
  it("unfolds, tells the rule behind an arrow, and keeps its state in the address", async () => {
    const { page } = await open(at("/lineage", { id: TABLE }));
    await page.locator(".ln-start").waitFor();
    await page.getByRole("button", { name: /^展开字段/ }).first().click();
    await page.locator(".ln-row").first().waitFor();
    expect(page.url()).toContain("open=");
    await page.getByText("清单", { exact: true }).click();
    await page.getByRole("button", { name: /^加工规则/ }).first().click();
    await page.locator(".ln-panel").waitFor();
    await page.reload();
    await page.locator(".ln-panel").waitFor();
  });

  it("shows what the data are for, and is saved as a file", async () => {
    const { page } = await open(at("/lineage", { id: TABLE, lane: "1" }));
    await page.locator(".ln-purpose").first().waitFor();
    await page.getByRole("button", { name: "导出" }).click();
    const saved = page.waitForEvent("download");
    await page.getByText("SVG", { exact: true }).click();
    expect((await saved).suggestedFilename()).toMatch(/\.svg$/);
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

describe("every page of these", () => {
  it.each([at("/lineage", { id: TABLE }), at("/impact", { id: FIELD }), at("/edit", { id: "entry:990100/30700601/000001" }), "/import"])(
    "%s: axe finds no serious fault; no wider than a phone",
    async (path) => {
      const { page } = await open(path);
      await page.waitForLoadState("networkidle");
      await page.evaluate(axe.source);
      expect(await serious(page)).toEqual([]);
      await page.emulateMedia({ colorScheme: "dark" });
      await page.locator('html[data-look="dark"]').waitFor();
      await page.waitForTimeout(800); // colours glide over
      expect(await serious(page)).toEqual([]);
      await page.setViewportSize({ width: 390, height: 844 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    },
  );
});

describe("a picture of 1,000 datasets and 3,000 links", () => {
  const BIG = (n: number) => `dataset:postgres://big.example:5432/big.public.t${n}`;
  beforeAll(async () => {
    const answer = await fetch(`${CITY}/import/jsonl?name=big.jsonl&as=big`, {
      method: "POST",
      headers: { "Content-Type": "application/octet-stream" },
      body: large(BIG, 1_000, 3_000),
    });
    expect(answer.ok).toBe(true);
  }, 180_000);

  it("is there soon and follows the hand", async () => {
    const { page } = await open(at("/lineage", { id: BIG(500), depth: "all", coarse: "1" }));
    await page.locator(".ln-start").waitFor();
    const began = Date.now();
    await page.goto(page.url());
    await page.locator(".ln-start").waitFor();
    const first = Date.now() - began;
    const told = await page.locator(".ln-foot").innerText();
    expect(told).toMatch(/^(精确\s+间接\s+粗略\s+)?9\d\d 个节点，2\d{3} 条关联/); // what the one in the middle reaches
    const frames = await panned(page);
    console.log(`1,000 datasets, 3,000 links: first picture ${first} ms, panned at ${frames.toFixed(0)} frames a second`);
    expect(frames).toBeGreaterThan(1);
  });
});

/** A graph of layers in which everything is joined: each line claims one dataset. */
function large(id: (n: number) => string, boxes: number, links: number): string {
  const per = 25;
  const pairs = new Set<string>();
  const targets = new Map<number, string[]>();
  const join = (use: number, origin: number) => {
    if (use === origin || pairs.has(`${use},${origin}`)) return;
    pairs.add(`${use},${origin}`);
    targets.set(use, [...(targets.get(use) ?? []), id(origin)]);
  };
  for (let n = per; n < boxes; n++) join(n, n - per);
  for (let n = 0; n < per - 1; n++) join(per + n, n + 1);
  for (let seed = 7; pairs.size < links; ) {
    seed = (seed * 48_271) % 2_147_483_647;
    const use = per + (seed % (boxes - per));
    const layer = Math.floor(use / per);
    join(use, (layer - 1) * per + (Math.floor(seed / 1_000) % per));
  }
  return Array.from({ length: boxes }, (_, n) =>
    JSON.stringify({
      id: id(n),
      type: "Table",
      attributes: { name: `big.public.t${n}`, displayName: `大图第 ${n} 号表` },
      links: (targets.get(n) ?? []).map((target) => ({ type: "datasetDerivedFrom", target })),
    }),
  ).join("\n");
}

/** Frames a second while the picture is dragged for two seconds. */
async function panned(page: Page): Promise<number> {
  const box = await page.locator(".ln-frame").boundingBox();
  if (!box) throw new Error("no frame");
  const [x, y] = [box.x + box.width / 2, box.y + box.height - 60];
  await page.evaluate(() => {
    const told = window as unknown as { frames: number; stop: boolean };
    told.frames = 0;
    const count = () => {
      told.frames++;
      if (!told.stop) requestAnimationFrame(count);
    };
    requestAnimationFrame(count);
  });
  await page.mouse.move(x, y);
  await page.mouse.down();
  const began = Date.now();
  for (let step = 0; Date.now() - began < 2_000; step++) await page.mouse.move(x - (step % 200) * 2, y - (step % 80));
  const seconds = (Date.now() - began) / 1_000;
  await page.mouse.up();
  const frames = await page.evaluate(() => {
    const told = window as unknown as { frames: number; stop: boolean };
    told.stop = true;
    return told.frames;
  });
  return frames / seconds;
}

interface Violation {
  id: string;
  impact: string | null;
  nodes: { html: string; failureSummary?: string }[];
}

async function serious(page: Page): Promise<string[]> {
  const found = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } };
    return (await axe.run()).violations;
  });
  return found
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 140)} ${node.failureSummary ?? ""}`));
}
