import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findBrowser, openBrowser } from "../browser.ts";
import { PublicForm } from "../public-form.ts";
import { hasDashboard, ServerProcess } from "../server-process.ts";
import { seriousFaults } from "./accessibility.ts";
import { press, signIn } from "./desk.ts";

const browser = await findBrowser();

/** 600 decisions: a third about women. */
const decisions = [
  "id,sex,granted",
  ...Array.from({ length: 600 }, (_, row) => `${row},${row % 3 === 0 ? "F" : "M"},${row % 4 === 0 ? 0 : 1}`),
].join("\n");
const plan = `version: 1
project: loans
data: { file: loans.csv }
columns: { id: id, decision: granted, positive: 1, protected: [sex] }
audits: { fairness.feedback: {}, fairness.group-metrics: {} }
`;

describe.skipIf(browser === null || !hasDashboard)("feedback of people affected", { timeout: 300_000 }, () => {
  let server: ServerProcess;
  let desk: { context: BrowserContext; close: () => Promise<void> };
  let phone: { context: BrowserContext; close: () => Promise<void> };
  let page: Page;
  let link: string;
  let reference: string;
  const troubles: string[] = [];

  const answer = () => page.getByRole("heading", { level: 1 });
  const says = (sentence: string): Promise<void> =>
    expect.poll(() => answer().textContent(), { timeout: 60_000, interval: 250 }).toBe(sentence);

  beforeAll(async () => {
    server = await ServerProcess.start({ env: { ASSAY_TRUST_PROXY: "true", ASSAY_WEBHOOKS: "http://127.0.0.1:9" } });
    await server.call("POST", "/projects", { name: "Loans" });
    await server.dataset("loans", "loans.csv", decisions);
    desk = await openBrowser(browser ?? "", {
      viewport: { width: 1280, height: 900 },
      colorScheme: "light",
      locale: "en-US",
      reducedMotion: "reduce",
    });
    // A phone in Chinese, dark, and without scripts.
    phone = await openBrowser(browser ?? "", {
      viewport: { width: 390, height: 844 },
      colorScheme: "dark",
      locale: "zh-CN",
      javaScriptEnabled: false,
    });
    page = await desk.context.newPage();
    page.setDefaultTimeout(60_000);
    page.on("pageerror", (error) => troubles.push(error.message));
    await signIn(page, server);
  }, 300_000);

  afterAll(async () => {
    await phone?.close();
    await desk?.close();
    await server?.stop();
  });

  test("begins with a form that asks for the groups of the data, and is opened", async () => {
    await page.goto(`${server.url}/projects/loans/feedback`);
    await says("Nobody can report yet: the form is closed");
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByRole("link", { name: "Form and link" }).click();
    await page.waitForURL(/\/feedback\/form$/);
    await press(page, "Ask sex", async () => (await page.getByLabel("Protected column").count()) === 1);
    expect(await page.getByLabel("Groups to choose from").inputValue()).toBe("F\nM");
    await page.getByLabel("Groups to choose from").fill("F | Female | 女\nM | Male | 男");
    await page.getByLabel("Question, in Chinese").fill("性别");
    await page.getByLabel("Decisions to choose from").fill("credit-limit | Credit limit | 信用额度");
    const asks = async () => (await server.call("GET", "/projects/loans/feedback/form")).settings.groups.length === 1;
    await press(page, "Save", asks);
    await press(
      page,
      "Open the form",
      async () => (await page.getByText("Whoever has the link can report.").count()) === 1,
    );
    expect(await seriousFaults(page)).toEqual([]);
    link = (await page.locator("code").first().textContent()) ?? "";
    expect(link).toMatch(new RegExp(`^${server.url}/f/[\\w-]{32}$`));
  });

  test("is sent from a phone in Chinese, without scripts, and answered with a reference", async () => {
    const form = await phone.context.newPage();
    form.setDefaultTimeout(60_000);
    const asked: string[] = [];
    form.on("request", (request) => asked.push(request.url()));
    await form.goto(link);
    await form.getByLabel("发生了什么？").fill("我的额度被降低，\n理由不明。");
    await form.getByLabel("是关于哪项决定？").selectOption("credit-limit");
    await form.getByLabel("性别").selectOption({ label: "女" });
    // Nobody reads and writes within three seconds; a page that is sent sooner comes back with all that was written.
    await form.getByRole("button", { name: "提交" }).click();
    if ((await form.getByRole("heading", { level: 1 }).textContent()) !== "已收到您的反馈") {
      expect(await form.getByLabel("发生了什么？").inputValue()).toBe("我的额度被降低，\n理由不明。");
      await form.waitForTimeout(3500);
      await form.getByRole("button", { name: "提交" }).click();
    }
    await form.getByRole("heading", { name: "已收到您的反馈" }).waitFor();
    reference = (await form.locator(".reference").textContent()) ?? "";
    expect(reference).toMatch(/^\w{4}-\w{4}-\w{4}-\w{4}$/);
    expect(
      asked.every((url) => url.startsWith(`${server.url}/f/`)),
      asked.join(" "),
    ).toBe(true);
    expect(await phone.context.cookies()).toEqual([]);
    await form.close();
  });

  test("shows the form to whoever cannot see it as well, in both languages", async () => {
    const form = await desk.context.newPage();
    await form.setViewportSize({ width: 360, height: 740 });
    for (const [path, title] of [
      ["", "What happened?"],
      ["/report", "Your reference"],
    ] as const) {
      await form.goto(`${link}${path}`);
      await form.getByLabel(title).waitFor();
      const wide = await form.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(wide, "nothing stands beside a phone's page").toBe(0);
      expect(await seriousFaults(form)).toEqual([]);
      await form.getByRole("link", { name: "中文" }).click();
      expect(await form.locator("html").getAttribute("lang")).toBe("zh-CN");
      expect(await seriousFaults(form)).toEqual([]);
    }
    await form.close();
  });

  test("is triaged: state, assignee, a run's finding, a row and a note, each in the history", async () => {
    const [dataset] = await server.call("GET", "/projects/loans/datasets");
    const { id } = await server.call("POST", "/projects/loans/runs", { dataset: dataset.id, plan });
    await server.waitFor(id, ["completed"]);
    await page.goto(`${server.url}/projects/loans/feedback`);
    await says("One report waits to be read");
    await page.getByRole("link", { name: "Report 1" }).click();
    await page.waitForURL(/\/feedback\/1$/);
    await says("Report 1 waits to be read");
    await page.getByText("我的额度被降低，").waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    const run = page.getByLabel("Run that it speaks of");
    await expect
      .poll(
        async () => {
          await run.selectOption({ label: "1: loans" });
          return page.getByLabel("Finding of that run").locator("option").count();
        },
        { timeout: 120_000, interval: 500 },
      )
      .toBeGreaterThan(1);
    await page.getByLabel("Finding of that run").selectOption({ index: 1 });
    await page.getByLabel("State", { exact: true }).selectOption("upheld");
    await page.getByLabel("Assignee").selectOption({ index: 1 });
    await page.getByLabel("Row in the data").fill("42");
    await page.getByLabel("Note", { exact: true }).fill("the limit was halved by mistake");
    await press(page, "Save", async () => (await answer().textContent()) === "Report 1 was found right");
    await page.getByText("State: Upheld").waitFor();
    await page.getByText("the limit was halved by mistake").waitFor();
    await page.getByRole("link", { name: "Run 1", exact: true }).waitFor();
    const again = await page.getByRole("link", { name: "Audit again" }).getAttribute("href");
    expect(again).toBe(`/projects/loans/new?dataset=${dataset.id}&from=1`);
    expect(await seriousFaults(page)).toEqual([]);
  });

  test("is filtered by state and group, and both stand in the address", async () => {
    await page.goto(`${server.url}/projects/loans/feedback`);
    await page.getByText("No report is like that").waitFor();
    await expect
      .poll(
        async () => {
          // Chosen again it would be asked for again, and on a busy machine never be there.
          if (new URL(page.url()).searchParams.get("show") !== "upheld") {
            await page.getByLabel("State", { exact: true }).selectOption("upheld");
          }
          return page.locator("table.ledger tbody tr").count();
        },
        { timeout: 120_000, interval: 500 },
      )
      .toBe(1);
    await page.getByLabel("Group", { exact: true }).selectOption({ label: "sex: Male" });
    await page.getByText("No report is like that").waitFor();
    expect(new URL(page.url()).searchParams.get("group")).toBe('["sex","M"]');
  });

  test("enters the next report as counts by group, and not one by one", async () => {
    const form = new PublicForm(server.url, link.split("/").at(-1) ?? "");
    const stamps = await form.stamps(14);
    for (const [index, stamp] of stamps.entries()) {
      const fields = { what: `case ${index}`, "group-1": index < 8 ? "F" : "M", stamp };
      expect((await form.post("", fields, { from: `203.0.113.${index}` })).status).toBe(201);
    }
    const [run] = (await server.call("GET", "/projects/loans/runs")).items;
    const { id, number } = await server.call("POST", `/runs/${run.id}/again`);
    await server.waitFor(id, ["completed"]);
    await page.goto(`${server.url}/projects/loans/runs/${number}`);
    await page.getByText("15 reports have come in from people affected").first().waitFor({ state: "attached" });
    const report = await server.call("GET", `/runs/${id}/report`);
    const result = report.audits.find((one: { id: string }) => one.id === "fairness.feedback");
    const count = (sex: string) =>
      result.measures.find(
        (one: { metric: string; group?: { sex: string } }) => one.metric === "feedback-count" && one.group?.sex === sex,
      ).value;
    expect([count("F"), count("M")]).toEqual([9, 6]);
    expect(JSON.stringify(report)).not.toContain("额度");
  });

  test("does not turn what stands beside a sender's words around", async () => {
    const form = new PublicForm(server.url, link.split("/").at(-1) ?? "");
    const [stamp = ""] = await form.stamps(1);
    const fields = { what: "a lie \u202e", decision: "credit-limit", stamp };
    expect((await form.post("", fields, { from: "203.0.113.99" })).status).toBe(201);
    await page.goto(`${server.url}/projects/loans/feedback`);
    const decision = page.getByRole("row", { name: /a lie/ }).getByText("credit-limit", { exact: true });
    const [first = 0, last = 0] = await decision.evaluate((element) =>
      [0, 11].map((at) => {
        const sign = document.createRange();
        sign.setStart(element.firstChild ?? element, at);
        sign.setEnd(element.firstChild ?? element, at + 1);
        return sign.getBoundingClientRect().left;
      }),
    );
    expect(first).toBeLessThan(last);
  });

  test("is withdrawn by its sender, and then nobody reads it any more", async () => {
    const form = await phone.context.newPage();
    form.setDefaultTimeout(60_000);
    await form.goto(link);
    await form.getByRole("link", { name: "查询已提交的反馈" }).click();
    await form.getByLabel("您的查询码").fill(reference.toLowerCase());
    await form.getByRole("button", { name: "查询" }).click();
    await form.getByText("经调查，您的意见成立，正在纠正。").waitFor();
    await form.getByLabel("是的，请删除我写的内容").check();
    await form.getByRole("button", { name: "撤回我的反馈" }).click();
    await form.getByRole("heading", { name: "您的反馈已撤回" }).waitFor();
    await form.close();
    await page.goto(`${server.url}/projects/loans/feedback/1`);
    await says("Report 1 was withdrawn by its sender");
    expect(await page.getByText("额度被降低").count()).toBe(0);
    expect(await page.getByText("the limit was halved by mistake").count()).toBe(0);
  });

  test("gives notices another secret when the old one got about", async () => {
    await page.goto(`${server.url}/projects/loans/feedback/form`);
    await page.getByLabel("Webhook for new reports").fill("http://127.0.0.1:9/hook");
    await press(page, "Save", async () => (await page.getByText("Secret").count()) > 0);
    const old = (await server.call("GET", "/projects/loans/feedback/form")).webhookSecret;
    await page.getByText(old).waitFor();
    await page.getByRole("button", { name: "Replace the secret" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Replace" }).click();
    await page.getByText("The secret is new.").waitFor();
    const { webhookSecret } = await server.call("GET", "/projects/loans/feedback/form");
    expect(webhookSecret).not.toBe(old);
    await page.getByText(webhookSecret).waitFor();
    expect(await page.getByText(old).count()).toBe(0);
    expect(troubles).toEqual([]);
  });
});
