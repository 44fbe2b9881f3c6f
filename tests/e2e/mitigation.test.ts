import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findBrowser, openBrowser } from "../browser.ts";
import { hasDashboard, ServerProcess } from "../server-process.ts";
import { seriousFaults } from "./accessibility.ts";
import { signIn } from "./desk.ts";

const browser = await findBrowser();

/** 900 people; scores of group b are lower at the same chance of repaying. Decided at a bar of the score. */
const loans = (bar: number): string =>
  [
    "id,group,score,granted,repaid",
    ...Array.from({ length: 900 }, (_, row) => {
      const group = row % 3 === 0 ? "b" : "a";
      const level = (row * 37) % 100;
      const score = (level - (group === "b" ? 15 : 0) + 20) / 120;
      return `p${row},${group},${score.toFixed(3)},${score >= bar ? 1 : 0},${level + ((row * 53) % 41) > 70 ? 1 : 0}`;
    }),
  ].join("\n");
const plan = `version: 1
project: loans
data: { file: loans.csv }
columns: { id: id, label: repaid, decision: granted, score: score, protected: [group] }
audits:
  fairness.group-metrics: { replicates: 200 }
rules:
  - { metric: demographic-parity-difference, by: group, at_most: 0.02 }
`;

describe.skipIf(browser === null || !hasDashboard)("a disparity in the dashboard", { timeout: 300_000 }, () => {
  let server: ServerProcess;
  let context: BrowserContext;
  let close: () => Promise<void>;
  let page: Page;
  const troubles: string[] = [];
  const runs: string[] = [];
  const answer = () => page.getByRole("heading", { level: 1 });

  beforeAll(async () => {
    server = await ServerProcess.start();
    await server.call("POST", "/projects", { name: "Credit" });
    await server.call("POST", "/projects", { name: "Empty" });
    for (const bar of [0.6, 0.45]) {
      const dataset = await server.dataset("credit", `loans-${bar}.csv`, loans(bar));
      const { id } = await server.call("POST", "/projects/credit/runs", { dataset: dataset.id, plan });
      runs.push(id);
    }
    for (const id of runs)
      expect(await server.waitFor(id, ["completed", "failed"], 280_000)).toMatchObject({ status: "completed" });
    ({ context, close } = await openBrowser(browser ?? "", {
      viewport: { width: 1280, height: 900 },
      colorScheme: "light",
      locale: "en-US",
      reducedMotion: "reduce",
    }));
    page = await context.newPage();
    page.setDefaultTimeout(60_000);
    page.on("pageerror", (error) => troubles.push(error.message));
    await signIn(page, server);
  }, 600_000);

  afterAll(async () => {
    await close?.();
    await server?.stop();
  });

  test("of two runs is compared row by row at a press, and is there again under the same address", async () => {
    await page.goto(`${server.url}/projects/credit/compare?a=1&b=2`);
    await page.getByText("Compared by intervals, not row by row").waitFor();
    const compare = page.getByRole("button", { name: "Compare row by row" });
    await expect
      .poll(
        async () => {
          // What is pressed before the page's script runs is lost.
          if ((await compare.count()) > 0 && (await compare.isEnabled())) await compare.press("Enter");
          return (await compare.count()) === 0;
        },
        { timeout: 200_000, interval: 1000 },
      )
      .toBe(true);
    const how = page.getByText(/Compared row by row: 900 rows of both, paired by “id”/);
    await how.waitFor({ timeout: 120_000 });
    await page.getByText("each pair of numbers on the same rows").waitFor();
    await page.getByRole("columnheader", { name: "Adjusted p" }).waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    // Equal scores: their numbers do not differ, and are compared all the same.
    const area = page.getByRole("row").filter({ hasText: /ROC AUC\s*everyone/ });
    expect(await area.first().textContent()).toMatch(/No evidence/);
    await page.reload();
    await how.waitFor();
    await page.getByRole("link", { name: "See them by intervals" }).click();
    await page.getByText("Compared by intervals, not row by row").waitFor();
    await page.getByRole("link", { name: "Run 1 → run 2" }).click();
    await how.waitFor();
    expect(page.url()).toMatch(/[?&]id=/);
  });

  test("of a report that was pushed says why its rows cannot be paired", async () => {
    const report = await server.call("GET", `/runs/${runs[0]}/report`);
    const pushed = await server.call("POST", "/projects/credit/reports", { report });
    await page.goto(`${server.url}/projects/credit/compare?a=${pushed.number}&b=2`);
    await page.getByText(/Cannot be compared row by row:.*computed elsewhere and pushed/).waitFor();
    expect(await page.getByRole("button", { name: "Compare row by row" }).count()).toBe(0);
    await page.goto(`${server.url}/projects/credit/mitigate?run=${pushed.number}`);
    await expect.poll(() => answer().textContent()).toBe(`No mitigation can be tried on run ${pushed.number}.`);
    await server.call("DELETE", `/runs/${pushed.id}`);
  });

  test("leads from its finding to a mitigation with the form filled in", async () => {
    await page.goto(`${server.url}/projects/credit/runs/1`);
    await page.getByRole("link", { name: "Try a mitigation" }).first().click();
    await page.waitForURL(/\/mitigate\?run=1&by=group&constraint=/);
    await expect
      .poll(() => answer().textContent())
      .toBe("What would make the decisions of run 1 more alike between groups, and what would it cost?");
    expect(await page.getByRole("radio", { name: "Thresholds by group" }).isChecked()).toBe(true);
    expect(await page.getByRole("checkbox", { name: "group" }).isChecked()).toBe(true);
    expect(await page.getByRole("radio", { name: "Reweighing" }).isDisabled()).toBe(true);
    await page.getByText("it learns anew from features: name columns.features").first().waitFor();
    expect(await seriousFaults(page)).toEqual([]);
  });

  test("is mitigated by keyboard alone, and the run says what that does and costs", async () => {
    await page.goto(`${server.url}/projects/credit/mitigate?run=1&by=group&constraint=demographic-parity`);
    const tolerance = page.getByLabel("Tolerance, in points");
    const start = page.getByRole("button", { name: "Try it" });
    await expect
      .poll(
        async () => {
          await tolerance.fill("200");
          return start.isDisabled();
        },
        { timeout: 120_000, interval: 500 },
      )
      .toBe(true);
    await page.getByText("Give a number from 0 to 100.").waitFor();
    await tolerance.fill("1");
    await page.getByText("More settings: held-out share, objective, replicates, …").click();
    await page.getByLabel("Replicates", { exact: true }).fill("199");
    await tolerance.press("Enter");
    await page.waitForURL(/\/runs\/\d+$/);
    await page.locator("#before-after").waitFor({ timeout: 120_000 });
    await page.getByText(/Demographic parity; \d+ held-out rows/).waitFor();
    const row = page
      .getByRole("row")
      .filter({ hasText: /^Accuracy/ })
      .first();
    expect(await row.textContent()).toMatch(/\d.*%.*\d.*%.*points/);
    await page.getByText("What a smaller gap costs in accuracy").first().waitFor();
    await page.getByRole("link", { name: "run 1", exact: true }).waitFor();
    const file = page.getByRole("link", { name: "thresholds.json" });
    const response = await context.request.get(new URL((await file.getAttribute("href")) ?? "", server.url).href);
    expect(await response.json()).toMatchObject({ format: "assay.thresholds" });
    expect(await seriousFaults(page)).toEqual([]);
    // On a phone the change, its interval and p stand on the page; nothing has to be pushed aside.
    await page.setViewportSize({ width: 390, height: 844 });
    const table = page.locator("#before-after table");
    for (const cell of [table.getByText(/^p [=<] /), table.getByRole("cell"), table.getByRole("columnheader")]) {
      for (const one of await cell.all()) {
        const box = await one.boundingBox();
        if (box !== null) expect(box.x + box.width).toBeLessThanOrEqual(390);
      }
    }
    expect(
      await table
        .getByText(/^p [=<] /)
        .first()
        .isVisible(),
    ).toBe(true);
    await table.getByRole("rowheader", { name: /^Selection rate/ }).waitFor();
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  test("has its model registered by one press, with the run that made it", async () => {
    const register = page.getByRole("button", { name: "Register as a model version" });
    const there = page.getByRole("link", { name: "loans mitigated, version 1" });
    await expect
      .poll(
        async () => {
          if (await register.isVisible()) await register.click();
          return there.count();
        },
        { timeout: 120_000, interval: 1000 },
      )
      .toBe(1);
    await there.click();
    await page.waitForURL(/\/models\//);
    await page.getByRole("link", { name: /by run \d+/ }).waitFor();
    await page.goto(`${server.url}/projects/credit/mitigate?run=1`);
    await page.getByRole("heading", { name: "Tried before" }).waitFor();
  });

  test("asks for a run where there is none, in Chinese, in the dark and on a phone as well", async () => {
    await page.goto(`${server.url}/projects/empty/mitigate`);
    await expect.poll(() => answer().textContent()).toBe("There is no run yet that a mitigation could answer.");
    await page.goto(`${server.url}/projects/credit/mitigate?run=77`);
    await expect.poll(() => answer().textContent()).toBe("Run 77 cannot be mitigated.");
    await context.addCookies([{ name: "assay-locale", value: "zh-CN", url: server.url }]);
    await page.emulateMedia({ colorScheme: "dark" });
    await page.setViewportSize({ width: 390, height: 844 });
    const last = (await server.call("GET", "/projects/credit/runs")).items[0].number;
    for (const [path, said] of [
      ["mitigate?run=1&by=group", /^怎样使第 1 次运行的决定/],
      [`runs/${last}`, /./],
      ["compare?a=1&b=2", /^(变差|变好|有好有坏|有变化|没有证据)/],
    ] as const) {
      await page.goto(`${server.url}/projects/credit/${path}`);
      await expect.poll(() => answer().textContent()).toMatch(said);
      // Nothing but a table may be wider than the page.
      expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(390);
      expect(await seriousFaults(page), path).toEqual([]);
    }
    await page.getByText("以下数值为逐行比较的结果。").waitFor();
    expect(troubles).toEqual([]);
  });
});
