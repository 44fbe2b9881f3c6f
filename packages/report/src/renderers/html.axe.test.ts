import { existsSync } from "node:fs";
import AxeBuilder from "@axe-core/playwright";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { compasReport } from "../fixtures/compas-report.ts";
import { hostileGroups } from "../fixtures/hostile.ts";
import { html } from "./html.ts";

const executablePath = [
  process.env.CHROMIUM_PATH,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
].find((path) => path !== undefined && existsSync(path));
const flags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

let browser: Browser | undefined;
beforeAll(async () => {
  if (executablePath !== undefined) browser = await chromium.launch({ executablePath, args: flags });
});
afterAll(async () => {
  await browser?.close();
});

const views = [
  ["en", "light", 1280],
  ["zh-CN", "dark", 390],
] as const;

test.skipIf(executablePath === undefined)(
  "a browser finds no fault a reader with a disability would meet (skipped: no Chromium found)",
  async () => {
    if (!browser) throw new Error("the browser did not start");
    for (const [locale, colorScheme, width] of views) {
      const context = await browser.newContext({
        colorScheme,
        viewport: { width, height: 900 },
        reducedMotion: "reduce",
      });
      const page = await context.newPage();
      await page.setContent(html.render(compasReport(width === 390 ? hostileGroups : undefined), { locale }));
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(
        violations.map(
          ({ id, nodes }) =>
            `${locale} ${colorScheme} ${width} ${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`,
        ),
      ).toEqual([]);
      // Nothing may push the page sideways, however long a group's name.
      expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBeLessThanOrEqual(0);
      await context.close();
    }
  },
  120_000,
);
