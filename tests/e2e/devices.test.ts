import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findBrowser, openBrowser, quietArguments } from "../browser.ts";
import { hasDashboard, ownerEmail, ownerPassword, ServerProcess } from "../server-process.ts";
import { seriousFaults } from "./accessibility.ts";

const browser = await findBrowser();

describe.skipIf(browser === null || !hasDashboard)("the devices on the settings page", { timeout: 120_000 }, () => {
  let server: ServerProcess;
  let context: BrowserContext;
  let close: () => Promise<void>;
  let page: Page;
  const troubles: string[] = [];

  beforeAll(async () => {
    server = await ServerProcess.start();
    ({ context, close } = await openBrowser(browser ?? "", {
      viewport: { width: 1280, height: 900 },
      locale: "en-US",
      reducedMotion: "reduce",
      // A GPU that the processor plays.
      args: [...quietArguments, "--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"],
    }));
    page = await context.newPage();
    page.setDefaultTimeout(30_000);
    page.on("pageerror", (error) => troubles.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") troubles.push(message.text());
    });
    await page.goto(`${server.url}/sign-in`);
    await page.getByLabel("E-mail").fill(ownerEmail);
    await page.getByLabel("Password").fill(ownerPassword);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.waitForURL(`${server.url}/`);
  }, 120_000);

  afterAll(async () => {
    await close?.();
    await server?.stop();
  });

  const section = () => page.locator("#devices");
  const line = (index: number, name: string) =>
    section().locator("dl").nth(index).locator("div", { hasText: name }).locator("dd");

  test("tells what the browser has, threads included, and what the server has", async () => {
    await page.goto(`${server.url}/settings`);
    expect(await page.evaluate(() => globalThis.crossOriginIsolated)).toBe(true);
    const cores = await page.evaluate(() => navigator.hardwareConcurrency);
    await line(0, "cpu").getByText("WASM SIMD").waitFor();
    expect((await line(0, "cpu").textContent())?.trim()).toBe(
      cores === 1 ? "WASM SIMD, one thread." : `WASM SIMD, ${cores} threads.`,
    );
    expect(await line(0, "webgpu").textContent()).toMatch(/swiftshader/i);
    const told = await server.call("GET", "/system/devices");
    expect(told.map((one: { name: string }) => one.name)).toEqual(["cpu", "cuda", "webgpu"]);
    for (const { name, available, description } of told) {
      const text = (await line(1, name).textContent()) ?? "";
      expect(text).toContain(description);
      expect(text.startsWith("Not there:")).toBe(!available);
    }
  });

  test("stops a test when asked", async () => {
    await page.getByRole("button", { name: "Test this browser" }).click();
    await page.getByRole("progressbar", { name: "The test's progress" }).waitFor();
    await section().getByText("Data to the device and back").waitFor();
    await page.getByRole("button", { name: "Stop the test" }).click();
    await page.getByRole("button", { name: "Test this browser" }).waitFor();
    expect(await page.getByRole("progressbar").count()).toBe(0);
    // Chromium gives a thread that sleeps two seconds to end by itself.
    await expect.poll(() => page.workers().length, { timeout: 120_000 }).toBe(0);
  });

  test("tests the browser in a worker, and tells how fast each device is", async () => {
    await page.getByRole("button", { name: "Test this browser" }).click();
    const table = page.getByRole("table", { name: "How fast this browser computes" });
    const seen: number[] = [];
    while (!(await table.isVisible())) {
      const now = await page
        .getByRole("progressbar")
        .getAttribute("aria-valuenow", { timeout: 300 })
        .catch(() => null);
      if (now !== null) seen.push(Number(now));
      await page.waitForTimeout(200);
    }
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(Math.max(...seen)).toBeGreaterThanOrEqual(50);
    const rows = await table.locator("tbody tr").allTextContents();
    expect(rows.length).toBeGreaterThanOrEqual(4);
    const cells = await table.locator("td.num").allTextContents();
    expect(cells).toHaveLength(2 * rows.length);
    for (const cell of cells) expect(Number(cell.replaceAll(",", "")), rows.join("; ")).toBeGreaterThan(0);
    expect(await section().getByRole("alert").count()).toBe(0);
    expect(await seriousFaults(page)).toEqual([]);
  });

  test("says it in Chinese, in the dark and on a phone", async () => {
    await context.addCookies([
      { name: "assay-locale", value: "zh-CN", url: server.url },
      { name: "assay-theme", value: "dark", url: server.url },
    ]);
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`${server.url}/settings`);
    await section().getByRole("heading", { name: "计算设备" }).waitFor();
    await line(0, "cpu").getByText("个线程").waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(beyond).toBeLessThanOrEqual(0);
  });

  test("says why a browser without a GPU has none", async () => {
    const plain = await openBrowser(browser ?? "", { locale: "en-US" });
    try {
      const other = await plain.context.newPage();
      await plain.context.addCookies(await context.cookies());
      await plain.context.addCookies([{ name: "assay-locale", value: "en", url: server.url }]);
      await other.goto(`${server.url}/settings`);
      const text = other.locator("#devices dl").first().locator("div", { hasText: "webgpu" }).locator("dd");
      await text.getByText(/This browser has no (GPU to give|WebGPU)/).waitFor();
    } finally {
      await plain.close();
    }
  });

  test("met no error in the console all the way", () => {
    expect(troubles).toEqual([]);
  });
});
