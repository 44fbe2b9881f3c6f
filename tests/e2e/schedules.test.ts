import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findBrowser, openBrowser } from "../browser.ts";
import { growingLoans, growingPlan } from "../growing-loans.ts";
import { hasDashboard, ServerProcess } from "../server-process.ts";
import { seriousFaults } from "./accessibility.ts";
import { press, signIn } from "./desk.ts";

const browser = await findBrowser();

describe.skipIf(browser === null || !hasDashboard)("schedules", { timeout: 300_000 }, () => {
  let server: ServerProcess;
  let desk: { context: BrowserContext; close: () => Promise<void> };
  let page: Page;
  const troubles: string[] = [];

  const answer = () => page.getByRole("heading", { level: 1 });
  const says = (sentence: string): Promise<void> =>
    expect.poll(() => answer().textContent(), { timeout: 60_000, interval: 250 }).toBe(sentence);

  beforeAll(async () => {
    server = await ServerProcess.start();
    await server.call("POST", "/projects", { name: "Loans" });
    desk = await openBrowser(browser ?? "", {
      viewport: { width: 1280, height: 900 },
      ...{ colorScheme: "light", locale: "en-US", timezoneId: "Europe/Berlin", reducedMotion: "reduce" },
    });
    page = await desk.context.newPage();
    page.setDefaultTimeout(60_000);
    page.on("pageerror", (error) => troubles.push(error.message));
    await signIn(page, server);
  }, 300_000);

  afterAll(async () => {
    await desk?.close();
    await server?.stop();
  });

  test("begin with an audit: without a run there is no plan to put on a schedule", async () => {
    await page.goto(`${server.url}/projects/loans/schedules`);
    await says("No audit runs by itself yet");
    await page.getByRole("link", { name: "New audit" }).last().waitFor();
    expect(await seriousFaults(page)).toEqual([]);
  });

  test("are made of a run's plan, with the next five times shown before", async () => {
    const { id: dataset } = await server.dataset("loans", "loans.csv", growingLoans(["november"]));
    const { id } = await server.call("POST", "/projects/loans/runs", { dataset, plan: growingPlan });
    await server.waitFor(id, ["completed"]);
    await page.goto(`${server.url}/projects/loans/runs/1`);
    await page.getByRole("link", { name: "Schedule", exact: true }).click();
    await page.waitForURL(/\/schedules\/new\?from=1$/);
    await says("New schedule");
    expect(await page.getByLabel("Time zone").inputValue()).toBe("Europe/Berlin");
    const next = page.getByRole("region", { name: "The next five times" });
    const weekly = async () => (await page.getByLabel("Day", { exact: true }).count()) === 1;
    await expect
      .poll(async () => {
        if (!(await weekly())) await page.getByRole("radio", { name: "Every week" }).click();
        return weekly();
      })
      .toBe(true);
    await page.getByLabel("Time of day").fill("07:30");
    await page.getByLabel("Day", { exact: true }).selectOption("Friday");
    await expect.poll(() => next.getByRole("listitem").allTextContents(), { timeout: 60_000 }).toHaveLength(5);
    await expect.poll(() => next.textContent()).toMatch(/Friday.*07:30/);
    await page.getByRole("radio", { name: "Own expression" }).click();
    expect(await page.getByLabel("Cron expression").inputValue()).toBe("30 7 * * 5");
    await page.getByLabel("Cron expression").fill("* * * * *");
    await next.getByText("comes more often than every 5 minutes").waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByRole("radio", { name: "Every day" }).click();
    await page.getByLabel("Name", { exact: true }).fill("Daily watch");
    await press(page, "Make the schedule", async () => /\/schedules\/[\w-]{36}$/.test(new URL(page.url()).pathname));
    await says("Daily watch has not run yet");
    await page.getByText("Every day at 06:00, Europe/Berlin, on the newest data named loans.csv").waitFor();
    await page.getByText("Nobody is told yet").waitFor();
    expect(await seriousFaults(page)).toEqual([]);
  });

  test("run when asked, on the newest data, and the run says by which schedule", async () => {
    await server.dataset("loans", "loans.csv", growingLoans(["november", "december"]));
    await press(page, "Run now", async () => /\/runs\/2$/.test(new URL(page.url()).pathname));
    await expect
      .poll(() => answer().textContent(), { timeout: 120_000, interval: 500 })
      .toMatch(/One of one check|check fails|fails/i);
    await page.getByText("by schedule").getByRole("link", { name: "Daily watch" }).click();
    await says("Daily watch: run 2 fails at least one check");
    await page
      .getByRole("list", { name: "Verdicts in time" })
      .getByRole("link", { name: /^Run 2, .*: Fails$/ })
      .waitFor();
    const row = page.locator("table.ledger tbody tr");
    expect(await row.textContent()).toMatch(/800.*\d of \d/);
    expect(await row.textContent()).toMatch(/\+50 points \(\d+ to \d+\) selection rate, M to F/);
    await page.getByText("Every run reads all rows anew.").waitFor();
    expect(await seriousFaults(page)).toEqual([]);
  });

  test("stand on a phone's page and in the dark", async () => {
    await page.emulateMedia({ colorScheme: "dark" });
    await page.setViewportSize({ width: 390, height: 844 });
    const here = page.url();
    for (const address of [here, `${here}/edit`, `${server.url}/projects/loans/schedules`]) {
      await page.goto(address);
      await answer().waitFor();
      const wide = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(wide, address).toBe(0);
      expect(await seriousFaults(page)).toEqual([]);
    }
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.emulateMedia({ colorScheme: "light" });
  });

  test("are found by a few letters, paused, and deleted after asking; the run stays", async () => {
    await says("One audit runs by itself");
    const search = page.getByPlaceholder("Project, run or action");
    await expect
      .poll(
        async () => {
          // Pressed again before it is there, the keys would close it.
          if ((await search.count()) === 0) {
            await page.keyboard.press("Control+k");
            await search.waitFor({ timeout: 15_000 }).catch(() => {});
          }
          return page.getByRole("option", { name: "Schedule: Daily watch" }).count();
        },
        { timeout: 90_000, interval: 500 },
      )
      .toBe(1);
    await page.getByRole("option", { name: "Schedule: Daily watch" }).click();
    await says("Daily watch: run 2 fails at least one check");
    await press(page, "Pause", async () => (await page.getByRole("button", { name: "Resume" }).count()) === 1);
    await press(page, "Delete…", async () => (await page.getByRole("alertdialog").count()) === 1);
    await press(page, "Delete the schedule", async () => /\/schedules$/.test(new URL(page.url()).pathname));
    await says("No audit runs by itself yet");
    expect((await server.call("GET", "/projects/loans/runs")).total).toBe(2);
    expect(troubles).toEqual([]);
  });
});
