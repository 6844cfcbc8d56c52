// How long a large picture and a long table take, measured within the page. The figures are told, and written
// for BENCHMARKS.md where MULU_FIGURES names a file; a test fails only where a machine's being
// busy is no excuse.
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { CITY, withBrowser } from "./browser";
import { tell } from "./figures";

const open = withBrowser();
const FRAMES = 100;
const ROUNDS = 5;
/** Milliseconds and frames a second that no machine at work misses, unless something is wrong. */
const SLOWEST = { first: 60_000, frames: 1 };

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
    const address = `/lineage?${new URLSearchParams({ id: BIG(500), depth: "all", coarse: "1" })}`;
    const { page } = await open(address);
    await page.addInitScript(watchForPicture);
    const rounds: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      await page.goto(CITY + address);
      rounds.push(await page.waitForFunction(() => (window as unknown as { picture?: number }).picture).then((told) => told.jsonValue() as Promise<number>));
    }
    const first = rounds.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] as number;
    // What the one in the middle reaches.
    await expect.poll(() => page.locator(".ln-foot").innerText()).toMatch(/9\d\d 个节点，2\d{3} 条关联/);
    const readable = await panned(page);
    await page.getByRole("button", { name: "全部显示" }).click();
    await expect.poll(() => page.locator(".ln-box").count()).toBe(0);
    const whole = await panned(page);
    const told = { first_picture_ms: Math.round(first), panned_fps: Math.round(readable), whole_picture_panned_fps: Math.round(whole) };
    tell("905 datasets, 2,631 links", told);
    expect(first).toBeLessThan(SLOWEST.first);
    expect(Math.min(readable, whole)).toBeGreaterThan(SLOWEST.frames);
  });
});

describe("a picture of more than 1,000 datasets", () => {
  const HUGE = (n: number) => `dataset:postgres://huge.example:5432/huge.public.t${n}`;
  beforeAll(async () => {
    const systems = Array.from({ length: 7 }, (_, n) => JSON.stringify({ id: `system:huge-${n}`, type: "System", attributes: { title: `巨系统 ${n}` }, links: [] }));
    const datasets = large(HUGE, 1_300, 3_900).split("\n").map((line, n) => {
      const told = JSON.parse(line) as { links: { type: string; target: string }[] };
      told.links.push({ type: "hostedIn", target: `system:huge-${n % 7}` });
      return JSON.stringify(told);
    });
    const answer = await fetch(`${CITY}/import/jsonl?name=huge.jsonl&as=huge`, {
      method: "POST",
      headers: { "Content-Type": "application/octet-stream" },
      body: [...systems, ...datasets].join("\n"),
    });
    expect(answer.ok).toBe(true);
  }, 180_000);

  it("is gathered by system, and says so", async () => {
    const { page } = await open(`/lineage?${new URLSearchParams({ id: HUGE(650), depth: "all", coarse: "1" })}`);
    await page.getByText(/共 1\d{3} 个数据集，已按系统归并/).waitFor();
    await expect.poll(() => page.locator(".ln-foot").innerText()).toContain("7 个节点");
    await page.locator(".ln-group").first().waitFor();
    expect(await page.locator(".ln-tools").innerText()).toContain("按系统");
  });
});

describe("a table of 1,000 fields", () => {
  const WIDE = "dataset:postgres://big.example:5432/big.public.wide";
  const field = (n: number) => `field:postgres://big.example:5432/big.public.wide#c${n}`;
  const TYPES = ["varchar(20)", "numeric(12,2)", "char(3)", "timestamp", "integer"];
  beforeAll(async () => {
    const numbers = Array.from({ length: 1_000 }, (_, n) => n);
    const table = {
      id: WIDE, type: "Table", attributes: { physicalName: "big.public.wide", displayName: "宽表" },
      links: numbers.map((n) => ({ type: "hasField", target: field(n) })),
    };
    const fields = numbers.map((n) => ({
      id: field(n), type: "Field", links: [],
      attributes: { physicalName: `c${n}`, displayName: `第 ${(n * 13) % 1_000} 号字段`, sqlType: TYPES[n % 5], nullable: n % 3 === 0, ordinal: (n * 7) % 1_000, description: `说明 ${n}` },
    }));
    const answer = await fetch(`${CITY}/import/jsonl?name=wide.jsonl&as=wide`, {
      method: "POST",
      headers: { "Content-Type": "application/octet-stream" },
      body: [table, ...fields].map((line) => JSON.stringify(line)).join("\n"),
    });
    expect(((await answer.json()) as { counts: { rejected: number } }).counts.rejected).toBe(0);
  }, 180_000);

  it("is filtered and sorted as fast as a small one: all rows are there, a page of them is drawn", async () => {
    const { page } = await open(`/resource?${new URLSearchParams({ id: WIDE })}`);
    const status = page.locator("#hasField [role=status]");
    await expect.poll(() => status.innerText()).toContain("1000");
    const rounds: { sorted: number; filtered: number }[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const sorted = await painted(page, "sort");
      const filtered = await painted(page, "c777");
      expect(await status.innerText()).toBe("1 / 1000 个");
      await painted(page, "");
      rounds.push({ sorted, filtered });
    }
    const middle = (name: "sorted" | "filtered") => rounds.map((one) => one[name]).sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] as number;
    tell("1,000 fields", { sorted_ms: Math.round(middle("sorted")), filtered_ms: Math.round(middle("filtered")) });
    expect(await page.locator("#hasField tbody .ant-table-row").count()).toBe(20);
    expect(middle("sorted") + middle("filtered")).toBeLessThan(SLOWEST.first);
  });
});

/** Sorts by the next way of the second column, or filters by what is typed: milliseconds, by the page's
 * own clock, until what it comes to is painted. */
async function painted(page: Page, what: string): Promise<number> {
  return page.evaluate(async (what) => {
    const table = document.querySelector("#hasField") as HTMLElement;
    const rows = () => [...table.querySelectorAll("tbody .ant-table-row")].map((row) => row.textContent).join();
    const before = rows();
    const frame = () => new Promise(requestAnimationFrame);
    const began = performance.now();
    if (what === "sort") table.querySelectorAll("th")[1]?.click();
    else {
      const input = table.querySelector("input") as HTMLInputElement;
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set?.call(input, what);
      input.dispatchEvent(new Event("input", { bubbles: true }));
    }
    do await frame();
    while (rows() === before && performance.now() - began < 60_000);
    await frame(); // the one before has been painted
    return performance.now() - began;
  }, what);
}

/** Notes when the start of a picture has been painted, in milliseconds since the page was asked for. */
function watchForPicture() {
  const look = () => {
    if (!document.querySelector(".ln-start")) requestAnimationFrame(look);
    else requestAnimationFrame(() => Object.assign(window, { picture: performance.now() }));
  };
  requestAnimationFrame(look);
}

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

/** Frames a second while the picture is dragged, one step a frame. */
async function panned(page: Page): Promise<number> {
  return page.evaluate(async (frames) => {
    const pane = document.querySelector(".react-flow__pane");
    if (!pane) throw new Error("no picture");
    const { left, top, width, height } = pane.getBoundingClientRect();
    const tell = (target: EventTarget, type: string, dx: number, dy: number) =>
      target.dispatchEvent(
        new MouseEvent(type, {
          clientX: left + width / 2 - dx, clientY: top + height / 2 - dy, bubbles: true, cancelable: true, view: window, buttons: 1,
        }),
      );
    const frame = () => new Promise(requestAnimationFrame);
    tell(pane, "mousedown", 0, 0);
    await frame();
    const began = performance.now();
    for (let step = 0; step < frames; step++) {
      tell(window, "mousemove", step * 4, step % 40);
      await frame();
    }
    const seconds = (performance.now() - began) / 1_000;
    tell(window, "mouseup", 0, 0);
    return frames / seconds;
  }, FRAMES);
}
