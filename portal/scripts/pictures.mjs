// The pictures of README: `make pictures` serves the sample city and photographs each page.
import { spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

// `pictures.mjs MULU [ADDRESS [NAME…]]`: of a server that runs already ("": of a new one); only these.
const [, , mulu, at, ...only] = process.argv;
const folder = join(import.meta.dirname, "../../docs/pictures");
const resource = (page, id) => `/${page}?${new URLSearchParams({ id })}`;

const PICTURES = [
  { name: "home", path: "/" },
  { name: "search", path: "/search?q=社保缴费" },
  { name: "resource", path: resource("resource", "entry:990100/30701001/000002") },
  { name: "lineage", path: `${resource("lineage", "dataset:postgres://dw.yunlan.example:5432/dw.ods.ods_ga_czrk_d")}&lane=1` },
  { name: "impact", path: resource("impact", "field:kingbase8://rkk.yunlan.example:54321/rkk.public.dwd_rk_jbxx#hyzk_dm") },
  { name: "edit", path: resource("edit", "entry:990100/30700601/000001"), act: edited },
  { name: "import", path: "/import", act: handedIn },
  { name: "statistics", path: "/statistics" },
  { name: "model", path: "/model?class=InformationResource" },
  { name: "phone", path: "/search?q=人口&f.type=InformationResource", width: 390, height: 780, colorScheme: "dark" },
];

const server = at ? null : await started();
const base = at || "http://127.0.0.1:18099";
const browser = await chromium.launch({
  executablePath: process.env.MULU_CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
try {
  for (const { name, path, act, width = 1280, height = 800, colorScheme = "light" } of PICTURES.filter(({ name }) => !only.length || only.includes(name))) {
    const context = await browser.newContext({ viewport: { width, height }, colorScheme, reducedMotion: "reduce" });
    const page = await context.newPage();
    await page.goto(base + path);
    await page.locator("main h1").first().waitFor();
    await page.locator("main .loading").first().waitFor({ state: "detached" });
    await page.waitForLoadState("networkidle");
    await act?.(page);
    await page.screenshot({ path: join(folder, `${name}.png`) });
    await context.close();
  }
} finally {
  await browser.close();
  server?.kill("SIGINT");
}

/** Another abstract, and what saving it would do. */
async function edited(page) {
  await page.locator("#ed-abstract").fill("户政管理系统登记的常住户口人员，每日更新，供身份核验使用");
  await page.getByText("影响到谁").waitFor();
}

/** A list of two departments, one of them without what it needs. */
async function handedIn(page) {
  const list = "机构名称,简称,统一社会信用代码\n云澜市测试局,测试局,11990100MB0000001X\n,无名局,\n";
  await page.setInputFiles("input[type=file]", { name: "部门.csv", mimeType: "text/csv", buffer: Buffer.from(list) });
  await page.locator(".ip-counts").waitFor();
}

/** The sample city, loaded into a folder of its own. */
async function started() {
  const data = mkdtempSync(join(tmpdir(), "mulu-pictures-"));
  const process = spawn(mulu, ["demo", "--data", data, "--port", "18099"], { stdio: "inherit" });
  for (let tries = 0; tries < 300; tries++) {
    const answer = await fetch("http://127.0.0.1:18099/readyz").catch(() => undefined);
    if (answer?.ok) return process;
    await new Promise((later) => setTimeout(later, 500));
  }
  process.kill();
  throw new Error("the sample city does not answer");
}
