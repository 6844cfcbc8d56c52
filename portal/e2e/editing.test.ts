// Writing in the browser: a file handed in, and two people who edit one entry.
import type { Locator, Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { CITY, reach, withBrowser } from "./browser";

const open = withBrowser();
const ENTRY = "entry:990100/30700601/000001";
const RETIRED = "entry:990100/30701001/000002";
const LIST = "机构名称,简称,统一社会信用代码\n云澜市测试局,测试局,11990100MB0000001X\n,无名局,\n";

describe("a file", () => {
  it("is checked first: columns, changes, problems by row; then written", async () => {
    const { page } = await open("/import");
    await page.setInputFiles("input[type=file]", { name: `部门-${Date.now()}.csv`, mimeType: "text/csv", buffer: Buffer.from(LIST) });
    const outcome = page.locator(".ip-counts");
    await outcome.waitFor();
    expect(await page.getByText("机构名称", { exact: true }).count()).toBeGreaterThan(0);
    expect(await page.getByText("第 3 行").count()).toBe(1);
    const understood = page.locator(".ip-sheet .number");
    expect(await understood.innerText()).toBe("3/3");
    await page.getByRole("combobox", { name: "理解为 简称" }).fill("不读取");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "按更正重新核对" }).click();
    await expect.poll(() => understood.innerText()).toBe("2/3"); // as the server says
    const rejected = page.waitForEvent("download");
    await page.getByRole("button", { name: "下载拒收的行" }).click();
    expect((await rejected).suggestedFilename()).toMatch(/\.xlsx$/);
    const write = page.getByRole("button", { name: "写入账本" });
    await page.getByLabel("来源名称").fill("另一个来源");
    expect(await write.isDisabled()).toBe(true); // what was checked is not what would be written
    await page.getByLabel("来源名称").fill("");
    await page.getByLabel("事由").fill("端到端测试");
    await page.getByRole("button", { name: "写入账本" }).click();
    await page.getByText(/已写入，提交 \d+/).waitFor();
    await page.getByRole("button", { name: "撤销这次导入" }).click();
    await page.getByText(/已撤销，新提交 \d+/).waitFor();
  });
});

describe("an edit", () => {
  it("keeps what is typed while it is saved, and does not let it be lost by a slip", async () => {
    const { page } = await open(`/edit?${new URLSearchParams({ id: ENTRY })}`);
    const side = page.getByRole("complementary", { name: "保存前预览" });
    const abstract = page.locator("#ed-abstract");
    await abstract.fill(`先写的 ${Date.now()}`);
    await side.getByText("影响到谁").waitFor();
    await typesOnWhileSaving(page, abstract);
    await side.getByText("将要改变").waitFor();
    expect(await abstract.inputValue()).toContain("，后补的");
    await page.getByRole("link", { name: "统计", exact: true }).click();
    await page.getByText("修改还没有保存").waitFor();
    await page.getByRole("button", { name: "留下" }).click();
    expect(await abstract.inputValue()).toContain("，后补的");
    await page.getByRole("button", { name: "放弃修改" }).click();
    await page.getByRole("link", { name: "统计", exact: true }).click();
    await page.locator("h1", { hasText: "统计" }).waitFor();
  });

  it("goes on where it makes a resource: what is typed meanwhile is a change of the new one", async () => {
    const { page } = await open("/edit?type=Department");
    const side = page.getByRole("complementary", { name: "保存前预览" });
    await page.locator("#ed-name").fill("云澜市新设局");
    await page.locator("#ed-uscc").fill("11990100MB1111116Q");
    const text = page.locator("#ed-description");
    await text.fill("先写的");
    await typesOnWhileSaving(page, text);
    await page.getByRole("heading", { level: 1, name: "云澜市新设局" }).waitFor();
    expect(page.url()).toContain("id=org");
    expect(await text.inputValue()).toBe("先写的，后补的");
    await side.getByText("将要改变").waitFor();
    await side.getByRole("button", { name: "保存", exact: true }).click();
    await page.getByText(/已保存，提交 \d+/).waitFor();
  });

  it("is previewed, meets another's, is merged, saved and undone", async () => {
    const { page } = await open(`/edit?${new URLSearchParams({ id: ENTRY })}`);
    const side = page.getByRole("complementary", { name: "保存前预览" });
    await page.locator("#ed-abstract").fill(`我的说法 ${Date.now()}`);
    await side.getByText("将要改变").waitFor();
    await side.getByText("影响到谁").waitFor();

    await another({ abstract: `别人的说法 ${Date.now()}`, localId: `L${Date.now()}` });
    await side.getByRole("button", { name: "保存" }).click();
    await page.getByText("在您编辑期间，他人修改了这个资源").waitFor();
    await page.getByText(/已采用他人的修改：门户标识/).waitFor();
    await page.getByRole("radio", { name: /我的：我的说法/ }).check();
    await page.getByRole("button", { name: "合并后继续" }).click();
    await side.getByText("可以保存").or(side.getByText(/处建议补正/)).first().waitFor();
    await side.getByRole("button", { name: "保存" }).click();
    const saved = await page.getByText(/已保存，提交 \d+/).innerText();
    await page.getByRole("button", { name: `撤销 #${/\d+/.exec(saved)?.[0]}`, exact: true }).click();
    await page.getByText(/已撤销，新提交 \d+/).waitFor();
  });

  it("is made, explained and saved by keyboard alone", async () => {
    const { page } = await open(`/edit?${new URLSearchParams({ id: ENTRY })}`);
    await page.locator("#ed-abstract").waitFor();
    await reach(page, "#ed-abstract");
    await page.keyboard.press("End");
    await page.keyboard.type("，键盘补的");
    await page.getByText("将要改变").waitFor();
    await reach(page, "#ed-reason");
    await page.keyboard.type("没有鼠标");
    await reach(page, ".ed-buttons .ant-btn-primary:enabled");
    await page.keyboard.press("Enter");
    await page.getByText(/已保存，提交 \d+/).waitFor();
  });

  it("is told what is wrong at its field", async () => {
    const { page } = await open(`/edit?${new URLSearchParams({ id: ENTRY })}`);
    await page.locator("#ed-title").fill("");
    await page.locator(".ed-wrong").first().waitFor();
    expect(await page.getByRole("button", { name: "保存", exact: true }).isDisabled()).toBe(true);
  });
});

describe("a retirement", () => {
  it("shows whom it reaches, asks why, and is taken back", async () => {
    const { page } = await open(`/edit?${new URLSearchParams({ id: RETIRED })}`);
    await page.getByRole("button", { name: "注销这个资源…" }).click();
    await page.locator(".ed-retire").getByText("须知会").waitFor();
    const sure = page.getByRole("button", { name: "确认注销" });
    expect(await sure.isDisabled()).toBe(true);
    await page.locator("#ed-retire-reason").fill("端到端测试");
    await sure.click();
    await page.getByText("这个资源已注销").waitFor();
    await page.getByRole("button", { name: "恢复" }).click();
    await page.locator("#ed-title").waitFor();
  });
});

/** Saves while answers take so long that one can type meanwhile, and does. */
async function typesOnWhileSaving(page: Page, text: Locator): Promise<void> {
  const save = page.getByRole("button", { name: "保存", exact: true });
  await expect.poll(() => save.isEnabled()).toBe(true);
  await page.route("**/graphql", async (route) => {
    await new Promise((later) => setTimeout(later, 600));
    await route.continue().catch(() => undefined);
  });
  await save.click();
  await text.press("End");
  await text.pressSequentially("，后补的");
  await page.unrouteAll({ behavior: "ignoreErrors" });
}

async function another(input: Record<string, string>): Promise<void> {
  const query = `mutation($id: ID!, $input: InformationResourceInput!) {
    changeInformationResource(id: $id, input: $input, reason: "同时修改", wait: true) { commit { number } } }`;
  const answer = await fetch(`${CITY}/graphql`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ query, variables: { id: ENTRY, input } }),
  });
  const told = (await answer.json()) as { errors?: { message: string }[] };
  expect(told.errors).toBeUndefined();
}
