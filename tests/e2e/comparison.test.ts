import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findBrowser, openBrowser } from "../browser.ts";
import { hasDashboard, ServerProcess } from "../server-process.ts";
import { seriousFaults } from "./accessibility.ts";
import { signIn } from "./desk.ts";

const browser = await findBrowser();

/** 2,000 decisions: women are granted `women` of ten, men six of ten; exactly, so that the verdicts are sure. */
const decisions = (women: number): string =>
  [
    "sex,repaid,granted",
    ...Array.from({ length: 2000 }, (_, row) => {
      const sex = row % 2 === 0 ? "female" : "male";
      const granted = Math.floor(row / 2) % 10 < (sex === "female" ? women : 6) ? 1 : 0;
      return `${sex},${Math.floor(row / 20) % 3 === 0 ? 0 : 1},${granted}`;
    }),
  ].join("\n");
const plan = `version: 1
project: loans
data: { file: loans.csv }
columns: { label: repaid, positive: 1, decision: granted, protected: [sex] }
audits: { fairness.group-metrics: {} }
rules:
  - { metric: selection-rate-difference, by: sex, at_most: 0.1 }
`;

describe.skipIf(browser === null || !hasDashboard)("two runs in the dashboard", { timeout: 300_000 }, () => {
  let server: ServerProcess;
  let context: BrowserContext;
  let close: () => Promise<void>;
  let page: Page;
  const troubles: string[] = [];

  const run = async (women: number): Promise<void> => {
    const dataset = await server.dataset("credit", `loans-${women}.csv`, decisions(women));
    const { id } = await server.call("POST", "/projects/credit/runs", { dataset: dataset.id, plan });
    expect(await server.waitFor(id, ["completed", "failed"])).toMatchObject({ status: "completed" });
  };
  const answer = () => page.getByRole("heading", { level: 1 });
  /** What is chosen before the page's script runs is lost. */
  const choose = async (label: string, value: string, settled: () => Promise<unknown>): Promise<void> => {
    await expect
      .poll(
        async () => {
          await page.getByLabel(label, { exact: true }).selectOption(value);
          return settled();
        },
        { timeout: 120_000, interval: 500 },
      )
      .toBeTruthy();
  };

  beforeAll(async () => {
    server = await ServerProcess.start();
    await server.call("POST", "/projects", { name: "Credit" });
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
  }, 300_000);

  afterAll(async () => {
    await close?.();
    await server?.stop();
  });

  test("are needed: with none or one the page says what to do", async () => {
    await page.goto(`${server.url}/projects/credit/compare`);
    await expect.poll(() => answer().textContent()).toBe("No run is completed yet, so there is nothing to compare.");
    await run(6);
    await page.reload();
    await expect.poll(() => answer().textContent()).toBe("One run is completed; a comparison takes two.");
    expect(await seriousFaults(page)).toEqual([]);
  });

  test("are compared from a run's page: the answer, what got worse, and every number with its interval", async () => {
    await run(4);
    await page.goto(`${server.url}/projects/credit/runs/2`);
    await page.getByRole("link", { name: "Compare", exact: true }).last().click();
    await page.waitForURL(/\/compare\?b=2$/);
    await expect
      .poll(() => answer().textContent())
      .toMatch(/^The data of the two differ. (Worse|Mixed): of \d+ numbers, .*from run 1 to run 2/);
    await page.getByText("Compared by intervals, not row by row").waitFor();
    await page.getByRole("heading", { name: "The data differ" }).waitFor();
    // Women are granted 40 % where it were 60 %.
    const row = page.getByRole("row").filter({ hasText: /Selection rate\s*sex female/ });
    const text = (await row.first().textContent()) ?? "";
    expect(text).toMatch(/60\.0.%.*40\.0.%/);
    expect(text).toContain("−20.0");
    expect(text).toMatch(/−2\d\.\d to −1\d\.\d/);
    expect(await seriousFaults(page)).toEqual([]);
  });

  test("are narrowed by verdict and group, and both stand in the address", async () => {
    const rows = () => page.locator("table.ledger tbody tr").count();
    const before = await rows();
    await choose("Verdict", "regressed", async () => (await rows()) < before);
    expect(new URL(page.url()).searchParams.get("show")).toBe("regressed");
    const marks = await page.locator("table.ledger tbody tr td:nth-child(2)").allTextContents();
    expect(marks.length).toBeGreaterThan(0);
    for (const mark of marks) expect(mark).toContain("▲ Got worse");
    await page.getByLabel("Group", { exact: true }).selectOption("sex");
    await expect.poll(() => new URL(page.url()).searchParams.get("of")).toBe("sex");
    await page.reload();
    await expect.poll(() => page.getByLabel("Group", { exact: true }).inputValue()).toBe("sex");
    await page.getByLabel("Verdict", { exact: true }).selectOption("improved");
    await page.getByText("No number is like that.").or(page.getByText("● Improved").first()).first().waitFor();
  });

  test("are swapped and chosen by keyboard alone", async () => {
    await page.goto(`${server.url}/projects/credit/compare?a=1&b=2`);
    const swap = page.getByRole("button", { name: "Swap" });
    await expect
      .poll(
        async () => {
          await swap.press("Enter");
          return page.url().endsWith("?a=2&b=1");
        },
        { timeout: 120_000, interval: 1000 },
      )
      .toBe(true);
    await expect.poll(() => answer().textContent()).toMatch(/from run 2 to run 1/);
    expect(await page.getByLabel("Before", { exact: true }).inputValue()).toBe("2");
    await choose("After", "2", async () => (await answer().textContent())?.startsWith("Run 2 is on both sides."));
    await page.goto(`${server.url}/projects/credit/compare?a=1&b=99`);
    await expect.poll(() => answer().textContent()).toBe("Run 99 cannot be compared.");
    expect(await seriousFaults(page)).toEqual([]);
  });

  test("are found from the list of runs, the navigation and the palette", async () => {
    await page.goto(`${server.url}/projects/credit`);
    await page.getByRole("link", { name: "Compare runs" }).click();
    await page.waitForURL(/\/projects\/credit\/compare$/);
    await expect
      .poll(() => page.getByRole("navigation").getByRole("link", { name: "Compare" }).getAttribute("aria-current"))
      .toBe("page");
    await page.goto(`${server.url}/projects/credit`);
    await expect
      .poll(
        async () => {
          if ((await page.getByRole("dialog").count()) === 0) await page.keyboard.press("Control+k");
          return page.getByRole("dialog").count();
        },
        { timeout: 120_000, interval: 1000 },
      )
      .toBe(1);
    await page.keyboard.type("compare");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/projects\/credit\/compare$/);
  });

  test("are told in Chinese, in the dark and on a phone as well", async () => {
    await context.addCookies([{ name: "assay-locale", value: "zh-CN", url: server.url }]);
    await page.emulateMedia({ colorScheme: "dark" });
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`${server.url}/projects/credit/compare?a=1&b=2`);
    await expect.poll(() => answer().textContent()).toMatch(/^两者的数据不同。(变差|有好有坏)：从第 1 次到第 2 次运行/);
    await page.getByText("▲ 变差").first().waitFor();
    // Nothing but a table may be wider than the page.
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    expect(await seriousFaults(page)).toEqual([]);
    expect(troubles).toEqual([]);
  });
});
