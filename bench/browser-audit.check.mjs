import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { chromium } from "playwright-core";

const root = join(import.meta.dirname, "..");
const email = "owner@example.org";
const password = "correct horse battery";
const apiKey = "assay_key_for_bench_0123456789";
const timeoutMs = 240_000;

/** 10,000,000 people in the row groups that DuckDB makes: a number of each, two texts, a score of its own, two zeros or ones. */
async function writePeople(path, codec, rows = 10_000_000) {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  await connection.run(
    `COPY (SELECT i AS id,
       (['white', 'black', 'asian', 'hispanic', 'native', 'other'])[1 + (hash(i) % 100 // 17)::INTEGER] AS race,
       CASE WHEN hash(i + 1) % 2 = 0 THEN 'female' ELSE 'male' END AS sex,
       (hash(i * 7 + 5) % 1000000007) / 1000000007.0 AS score,
       (hash(i + 2) % 100 < 30)::INTEGER AS label,
       (hash(i + 3) % 100 < 25 + hash(i) % 20)::INTEGER AS decision
     FROM range(${rows}) t(i)) TO '${path}' (FORMAT parquet, COMPRESSION ${codec})`,
  );
  connection.closeSync();
  instance.closeSync();
}

/**
 * From the file that is dropped on the page of an audit in the browser to the first finding on the screen, with the plan that the page
 * proposes; beside it the longest that the page's own thread was taken, and the most memory that the tab's process had.
 */
async function firstFinding(executablePath) {
  const folder = await mkdtemp(join(tmpdir(), "assay-bench-"));
  const server = spawn(process.execPath, [join(root, "apps/server/dist/main.js")], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      PORT: "0",
      ASSAY_DATA_DIR: folder,
      ASSAY_DEMO: "false",
      ASSAY_INIT_EMAIL: email,
      ASSAY_INIT_PASSWORD: password,
      ASSAY_INIT_API_KEY: apiKey,
      NODE_ENV: "production",
    },
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  const ended = new Promise((resolve) => server.once("exit", resolve));
  let browser = null;
  try {
    const url = await new Promise((resolve, reject) => {
      server.once("message", ({ ready }) => resolve(ready));
      server.once("exit", (code) => reject(new Error(`the server ended with ${code}`)));
    });
    await fetch(`${url}/api/v1/projects`, {
      method: "POST",
      headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
      body: JSON.stringify({ name: "Bench" }),
    });
    browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-quic", "--disable-sync"] });
    const results = [];
    for (const codec of ["zstd", "snappy"]) {
      const file = join(folder, `people-${codec}.parquet`);
      await writePeople(file, codec);
      results.push({ codec, ...(await oneFile(browser, url, file)) });
      await rm(file);
    }
    return results;
  } finally {
    await browser?.close();
    server.kill("SIGINT");
    await ended;
    await rm(folder, { recursive: true, force: true });
  }
}

async function oneFile(browser, url, file) {
  const context = await browser.newContext({ locale: "en-US" });
  const page = await context.newPage();
  page.setDefaultTimeout(timeoutMs);
  await page.goto(`${url}/sign-in`);
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(({ pathname }) => !pathname.startsWith("/sign-in"));
  await page.goto(`${url}/projects/bench/new?place=browser`);
  await page.getByText("no network is needed from here on").waitFor();
  await page.evaluate(() => {
    globalThis.longestMs = 0;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) globalThis.longestMs = Math.max(globalThis.longestMs, duration);
    }).observe({ type: "longtask" });
  });
  const begun = performance.now();
  const since = () => (performance.now() - begun) / 1000;
  await page.locator("input[type=file]").first().setInputFiles(file);
  await page.getByRole("heading", { name: "Check the roles, then start." }).waitFor();
  const planSeconds = since();
  const told = /about ([\d.]+ [kMG]B) of this tab/.exec(await page.locator("main").textContent())?.[1] ?? null;
  await page.locator("button:enabled", { hasText: "Start the audit" }).waitFor();
  await page.getByRole("button", { name: "Start the audit" }).click();
  await page
    .getByRole("heading", { name: /^Found so far|^Evidence$/ })
    .first()
    .waitFor();
  const findingSeconds = since();
  const longestMs = await page.evaluate(() => globalThis.longestMs);
  const memoryBytes = await rendererBytes(browser);
  await context.close();
  return { planSeconds, findingSeconds, longestMs, memoryBytes, told };
}

/** The most memory that a process of pages ever had; null where the system does not tell. */
async function rendererBytes(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  const peaks = processInfo
    .filter(({ type, id }) => type === "renderer" && existsSync(`/proc/${id}/status`))
    .map(({ id }) => Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${id}/status`, "utf8"))?.[1] ?? 0) * 1024);
  return peaks.length === 0 ? null : Math.max(...peaks);
}

async function findBrowser() {
  const { CHROME_PATH: named = "" } = process.env;
  if (named !== "") return named;
  const usual = ["/usr/bin/chromium", chromium.executablePath()].find((path) => existsSync(path));
  if (usual !== undefined) return usual;
  if (process.platform !== "linux" || process.arch !== "x64") return null;
  const { default: packed } = await import("@sparticuz/chromium");
  return packed.executablePath();
}

/** What it took of the page and of the memory. */
function strain({ longestMs, memoryBytes }) {
  const page = longestMs === 0 ? "less than 50 ms" : `${Math.round(longestMs)} ms`;
  const memory = memoryBytes === null ? "what is not known" : `${Math.round(memoryBytes / 1e6)} MB`;
  return `the page's thread taken for ${page} at once (wanted: 100 ms at most) and the process at ${memory}`;
}

const executablePath = await findBrowser();
const hasDashboard = existsSync(join(root, "apps/web/.next/BUILD_ID"));

/** @type {readonly { readonly name: string; readonly skip?: string | undefined; run(): Promise<unknown>; text(result: unknown): readonly string[] }[]} */
export const checks = [
  {
    name: "browser: from 10,000,000 rows × 6 columns of Parquet to the first finding, in Chromium",
    skip: !hasDashboard ? "the dashboard is not built" : executablePath === null ? "there is no Chromium" : undefined,
    run: async () => ({ results: await firstFinding(executablePath), load: loadavg()[0] }),
    text: ({ results, load }) => [
      `${cpus()[0]?.model.trim()}, ${availableParallelism()} cores, load average ${load.toFixed(1)} at the end`,
      ...results.map(
        ({ codec, planSeconds, findingSeconds, told, ...taken }) =>
          `${codec}: the plan after ${planSeconds.toFixed(1)} s, the first finding after ${findingSeconds.toFixed(1)} s (wanted: 30 s), ${strain(taken)}; the tab told of ${told} for the columns`,
      ),
    ],
  },
];
