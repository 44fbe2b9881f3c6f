import { readFile } from "node:fs/promises";
import { readReport } from "@assay/report";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findBrowser, openBrowser } from "../browser.ts";
import { hasDashboard, ServerProcess } from "../server-process.ts";
import { seriousFaults } from "./accessibility.ts";

const browser = await findBrowser();
const owner = { name: "Ada", email: "ada@example.org", password: "correct-horse-9" };

/** 600 decisions: women are granted 40 % of the time, men 60 %; exactly, so that the verdict is sure. */
const csv = [
  "sex,age,repaid,granted",
  ...Array.from({ length: 600 }, (_, row) => {
    const sex = row % 2 === 0 ? "female" : "male";
    const granted = Math.floor(row / 2) % 10 < (sex === "female" ? 4 : 6) ? 1 : 0;
    const repaid = Math.floor(row / 20) % 3 === 0 ? 0 : 1;
    return `${sex},${20 + (row % 50)},${repaid},${granted}`;
  }),
].join("\n");

/** The first account is what the newcomer makes. */
const withoutAccount = { ASSAY_INIT_EMAIL: "", ASSAY_INIT_PASSWORD: "", ASSAY_INIT_API_KEY: "" };

describe.skipIf(browser === null || !hasDashboard)("a newcomer with a browser", { timeout: 180_000 }, () => {
  let server: ServerProcess;
  let context: BrowserContext;
  let close: () => Promise<void>;
  let page: Page;
  const troubles: string[] = [];

  beforeAll(async () => {
    server = await ServerProcess.start({ env: withoutAccount });
    ({ context, close } = await openBrowser(browser ?? "", {
      viewport: { width: 1280, height: 900 },
      acceptDownloads: true,
      colorScheme: "light",
      locale: "en-US",
      // A colour on its way from one state to the next is no colour of the page.
      reducedMotion: "reduce",
    }));
    page = await context.newPage();
    page.setDefaultTimeout(30_000);
    page.on("pageerror", (error) => troubles.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") troubles.push(message.text());
    });
  }, 180_000);

  afterAll(async () => {
    await close?.();
    await server?.stop();
  });

  test("makes the owner with the link from the log, and lands on the first step", async () => {
    const link = /http:\/\/\S+\/setup\?token=\S+/.exec(server.output)?.[0];
    expect(link).toBeDefined();
    await page.goto(link ?? "");
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByLabel("Name").fill(owner.name);
    await page.getByLabel("E-mail").fill(owner.email);
    await page.getByLabel("Password").fill("short");
    await page.getByRole("button", { name: "Make the account" }).click();
    await page.getByText("At least 8 characters are needed.").waitFor();
    await page.getByLabel("Password").fill(owner.password);
    await page.getByRole("button", { name: "Make the account" }).click();
    await page.getByRole("heading", { name: "Start with a data file." }).waitFor();
    expect(await seriousFaults(page)).toEqual([]);
  });

  test("cannot use the link again", async () => {
    const link = /http:\/\/\S+\/setup\?token=\S+/.exec(server.output)?.[0] ?? "";
    const other = await context.newPage();
    await other.goto(link);
    expect(new URL(other.url()).pathname).not.toBe("/setup");
    await other.close();
  });

  test("makes a project and drops a file on it", async () => {
    await page.getByLabel("Project name").fill("Lending");
    await page.getByRole("button", { name: "Make the project" }).click();
    await page.waitForURL("**/projects/lending/new");
    const drop = page.getByText("Drop a data file here");
    await drop.waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    const files = await page.evaluateHandle((text) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([text], "decisions.csv", { type: "text/csv" }));
      return transfer;
    }, csv);
    await drop.dispatchEvent("drop", { dataTransfer: files });
    await page.getByRole("heading", { name: "Check the roles, then start." }).waitFor();
  });

  test("finds the roles guessed, changes the plan in the form, and sees it in the YAML", async () => {
    await page.getByRole("button", { name: /^Roles of sex: .*Protected/ }).waitFor();
    await page.getByRole("button", { name: /^Roles of granted: .*Decision/ }).waitFor();
    await page.getByText(/^Ready: .* will run\.$/).waitFor();
    expect(await seriousFaults(page)).toEqual([]);

    await page.getByRole("button", { name: "Add a rule" }).click();
    await page.getByRole("combobox", { name: "Metric" }).fill("no-such-metric");
    await page.getByRole("combobox", { name: "Metric" }).press("Enter");
    await page.getByText(/problem.* against it/).waitFor();
    await page
      .getByText(/no-such-metric/)
      .last()
      .waitFor();
    await page.getByRole("combobox", { name: "Metric" }).fill("impact-ratio");
    await page.getByRole("combobox", { name: "Metric" }).press("Enter");
    await page.getByText(/^Ready: .* will run\.$/).waitFor();

    await page.getByRole("radio", { name: "YAML" }).click();
    const text = page.getByRole("textbox", { name: "audit.yaml" });
    const yaml = await text.inputValue();
    expect(yaml).toContain("metric: impact-ratio");
    await text.fill(yaml.replace(/^version: 1$/m, "version: 1\nseed: 7"));
    await page.getByRole("radio", { name: "Form" }).click();
    expect(await page.getByLabel("Seed").inputValue()).toBe("7");
  });

  test("starts the audit and watches it come to its findings; progress never moves back", async () => {
    await page.getByRole("button", { name: "Start the audit" }).click();
    await page.waitForURL("**/projects/lending/runs/1");
    const seen: number[] = [];
    const results = page.getByRole("heading", { name: "Findings" });
    while (!(await results.isVisible())) {
      const now = await page
        .getByRole("progressbar")
        .getAttribute("aria-valuenow", { timeout: 300 })
        .catch(() => null);
      if (now !== null) seen.push(Number(now));
      await page.waitForTimeout(100);
    }
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
  });

  test("reads the answer, the check and the numbers behind a figure", async () => {
    expect(await page.getByRole("heading", { level: 1 }).textContent()).toMatch(/check.* fails?\./);
    await page.getByRole("list", { name: "Checks" }).getByText("Fails").first().waitFor();
    const figure = page.locator("figure").first();
    await figure.locator("summary").click();
    // 120 of 300 women, 180 of 300 men.
    await figure.locator("table").waitFor();
    const text = (await page.locator("main").textContent()) ?? "";
    expect(text).toMatch(/40(\.0)?\s?%/);
    expect(text).toMatch(/60(\.0)?\s?%/);
  });

  test("downloads the report, and it is the run's own", async () => {
    await page.getByRole("button", { name: "Download" }).click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("menuitem", { name: /JSON/ }).click(),
    ]);
    const report = readReport(JSON.parse(await readFile(await download.path(), "utf8")));
    expect(report.plan.seed).toBe(7);
    expect(report.gate.verdict).toBe("fail");
    const ratio = report.audits
      .flatMap((audit) => audit.measures)
      .find((measure) => measure.metric === "impact-ratio" && measure.group?.sex === "female");
    expect(ratio?.value).toBeCloseTo(2 / 3, 12);

    await page.keyboard.press("Escape");
    await page.getByRole("link", { name: "Report" }).click();
    await page.waitForURL("**/runs/1/report");
    await page.frameLocator("iframe").getByRole("heading").first().waitFor();
  });

  test("finds a run by keyboard alone", async () => {
    await page.goto(`${server.url}/projects/lending`);
    await page.keyboard.press("Control+k");
    await page.getByPlaceholder("Project, run or action").waitFor();
    await page.getByRole("option", { name: /Run 1/ }).waitFor();
    await page.keyboard.type("run 1");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/projects/lending/runs/1");
  });

  test("keeps the run list's view in the address", async () => {
    await page.goto(`${server.url}/projects/lending?show=pass`);
    await page.getByText("No run is like that.").waitFor();
    await page.getByLabel("Show").selectOption("fail");
    await page.waitForURL("**/projects/lending?show=fail");
    await page.getByRole("row", { name: /Fails/ }).waitFor();
  });

  test("makes an API key, which is shown once and works until it is revoked", async () => {
    await page.goto(`${server.url}/settings`);
    await page.getByRole("button", { name: "New key" }).click();
    await page.getByRole("dialog").getByLabel("Name").fill("pipeline");
    await page.getByRole("button", { name: "Make the key" }).click();
    const key = (await page.getByRole("dialog").locator("code").textContent()) ?? "";
    const ask = () => fetch(`${server.url}/api/v1/projects`, { headers: { authorization: `Bearer ${key}` } });
    expect((await ask()).status).toBe(200);
    await page.getByRole("button", { name: "Done" }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect((await page.content()).includes(key)).toBe(false);
    await page
      .getByRole("row", { name: /pipeline/ })
      .getByRole("button", { name: "Revoke…" })
      .click();
    await page.getByRole("button", { name: "Revoke the key" }).click();
    await page.getByText("No key yet.").waitFor();
    expect((await ask()).status).toBe(401);
  });

  test("meets nothing serious that axe knows of, in both languages and both themes", async () => {
    const dataset = /dataset=([\w-]+)/.exec(await firstDatasetLink())?.[1] ?? "";
    const paths = [
      "/",
      "/projects/lending",
      "/projects/lending/new",
      `/projects/lending/new?dataset=${dataset}`,
      "/projects/lending/runs/1",
      "/projects/lending/runs/1/report",
      "/settings",
      "/nothing/here",
    ];
    const faults: string[] = [];
    for (const [locale, theme] of [
      ["en", "light"],
      ["zh-CN", "dark"],
    ] as const) {
      await context.addCookies([
        { name: "assay-locale", value: locale, url: server.url },
        { name: "assay-theme", value: theme, url: server.url },
      ]);
      for (const path of paths) {
        await page.goto(server.url + path);
        await page.getByRole("heading", { level: 1 }).first().waitFor({ state: "attached" });
        expect(await page.locator("html").getAttribute("lang")).toBe(locale);
        faults.push(...(await seriousFaults(page)).map((fault) => `${path} ${locale} ${theme}: ${fault}`));
      }
    }
    expect(faults).toEqual([]);
  });

  test("is told plainly, with the status 404, of what is not there", async () => {
    await context.addCookies([{ name: "assay-locale", value: "en", url: server.url }]);
    for (const path of ["/projects/lending/runs/99", "/projects/lending/runs/one", "/projects/nobody"]) {
      const answer = await page.goto(server.url + path);
      expect(answer?.status(), path).toBe(404);
      await page.getByRole("heading", { name: "There is nothing here." }).waitFor();
    }
  });

  test("has nothing to scroll sideways on a phone", async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    const wide: string[] = [];
    for (const path of ["/", "/projects/lending", "/projects/lending/new", "/projects/lending/runs/1", "/settings"]) {
      await page.goto(server.url + path);
      const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (beyond > 0) wide.push(`${path}: ${beyond} px`);
    }
    expect(wide).toEqual([]);
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  test("deletes the run after being asked, and signs out", async () => {
    await context.addCookies([{ name: "assay-locale", value: "en", url: server.url }]);
    await page.goto(`${server.url}/projects/lending/runs/1`);
    await page.getByRole("button", { name: "Delete…" }).click();
    await page.getByRole("button", { name: "Delete the run" }).click();
    await page.waitForURL("**/projects/lending");
    await page.getByRole("heading", { name: "Lending has not been audited yet." }).waitFor();
    await page.goto(`${server.url}/settings`);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.waitForURL("**/sign-in");
    await page.goto(`${server.url}/projects/lending`);
    await page.waitForURL("**/sign-in");
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByLabel("E-mail").fill(owner.email);
    await page.getByLabel("Password").fill("wrong-password-1");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("E-mail or password is not right.").waitFor();
  });

  test("met no script error and nothing that the content security policy refused", () => {
    expect(troubles.filter((text) => !/status of (401|404)/.test(text))).toEqual([]);
  });

  async function firstDatasetLink(): Promise<string> {
    await page.goto(`${server.url}/projects/lending`);
    return (await page.getByRole("link", { name: "Audit", exact: true }).first().getAttribute("href")) ?? "";
  }
});
