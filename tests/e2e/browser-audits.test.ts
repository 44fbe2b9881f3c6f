import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { smallPipeline } from "../../packages/models/src/onnx/small-models.testing.ts";
import { findBrowser, quietArguments } from "../browser.ts";
import { hasDashboard, ownerEmail, ownerPassword, ServerProcess } from "../server-process.ts";
import { seriousFaults } from "./accessibility.ts";
import { leaks, NetworkWatch } from "./network-watch.ts";
import { TabAuditPage } from "./tab-audit.ts";

const browser = await findBrowser();

/** In every column something that stands nowhere else. Names of groups are in a report by nature; the others are not. */
const rowMarkers = { id: "mk-person-", note: "mk-said-", income: "48213.77", age: ".258319" };
const groupMarkers = { sex: "mk-woman", town: "mk-Rom" };
const csv = [
  "id,note,income,age,town,sex,label,grade",
  ...Array.from({ length: 400 }, (_, row) => {
    const town = ["Bern", "Oslo", "mk-Rom"][row % 3];
    const person = String(row).padStart(4, "0");
    return [
      `mk-person-${person}`,
      `mk-said-${person}`,
      `48213.77${person}`,
      `${20 + ((row * 7) % 50)}.258319`,
      town,
      row % 2 ? "mk-woman" : "mk-man",
      row % 4 < 2 ? "yes" : "no",
      row % 4 < 2 ? 5 : 3,
    ].join(",");
  }),
].join("\n");
const model = smallPipeline();
/** The whole model in pieces: any of them tells. */
const modelMarkers = Object.fromEntries(
  Array.from({ length: Math.floor(model.length / 16) }, (_, piece) => [
    `model bytes from ${piece * 16}`,
    model.subarray(piece * 16, piece * 16 + 16),
  ]),
);
const plan = `version: 1
project: people
data: { file: people.csv }
columns: { id: id, label: label, positive: yes, protected: [sex] }
model: { file: pipeline.onnx }
seed: 7
`;
const data = { name: "people.csv", bytes: csv };

describe.skipIf(browser === null || !hasDashboard)("an audit in the browser", { timeout: 180_000 }, () => {
  let server: ServerProcess;
  let watch: NetworkWatch;
  let profile: string;
  let context: BrowserContext;
  let page: Page;
  let tab: TabAuditPage;
  const said: string[] = [];
  const troubles: string[] = [];

  beforeAll(async () => {
    server = await ServerProcess.start();
    await server.call("POST", "/projects", { name: "Credit" });
    watch = await NetworkWatch.start(Number(new URL(server.url).port));
    profile = await mkdtemp(join(tmpdir(), "assay-browser-"));
    context = await chromium.launchPersistentContext(profile, {
      executablePath: browser ?? "",
      headless: true,
      acceptDownloads: true,
      viewport: { width: 1280, height: 900 },
      locale: "en-US",
      reducedMotion: "reduce",
      args: [
        ...quietArguments,
        "--enable-unsafe-webgpu",
        "--use-webgpu-adapter=swiftshader",
        // All that the browser sends goes through the watch, and nothing goes anywhere else.
        `--host-resolver-rules=MAP ${new URL(server.url).host} 127.0.0.1:${watch.port}, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1`,
      ],
    });
    page = await newPage();
    tab = new TabAuditPage(page);
    await page.goto(`${server.url}/sign-in`);
    await page.getByLabel("E-mail").fill(ownerEmail);
    await page.getByLabel("Password").fill(ownerPassword);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
  }, 180_000);

  afterAll(async () => {
    await context?.close();
    await watch?.stop();
    await server?.stop();
    if (profile !== undefined) await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }, 60_000);

  async function newPage(): Promise<Page> {
    const opened = await context.newPage();
    opened.setDefaultTimeout(90_000);
    opened.on("pageerror", (error) => troubles.push(error.message));
    opened.on("console", (message) => {
      said.push(message.text());
      if (message.type() === "error") troubles.push(message.text());
    });
    return opened;
  }

  /** What the browser keeps beyond the tab's memory. */
  async function stored(): Promise<Buffer> {
    const items = await page.evaluate(async () => ({
      local: { ...localStorage },
      session: { ...sessionStorage },
      databases: await indexedDB.databases(),
      caches: await caches.keys(),
      cookies: document.cookie,
      history: JSON.stringify(history.state),
      title: document.title,
    }));
    expect(items.databases).toEqual([]);
    expect(items.caches).toEqual([]);
    return Buffer.concat([Buffer.from(JSON.stringify(items)), await bytesUnder(profile)]);
  }

  test("sends no row and no byte of the model, and keeps none", async () => {
    await tab.open(server.url, "credit");
    expect(await seriousFaults(page)).toEqual([]);
    watch.forget();
    await tab.chooseData(data);
    await tab.chooseModel({ name: "pipeline.onnx", bytes: model });
    await tab.writePlan(plan);
    await page.getByText(/audits? can run|of \d+ audits/).waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    await tab.start();
    await tab.finished();
    await page.locator("figure svg:visible").first().waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    const all = { ...rowMarkers, ...groupMarkers, ...modelMarkers };
    expect(leaks(watch.sent, all)).toEqual([]);
    expect(leaks(Buffer.from(said.join("\n")), all)).toEqual([]);
    expect(leaks(await stored(), all)).toEqual([]);
  });

  test("gives a report that verifies, of the device it ran on", async () => {
    const report = await tab.report();
    expect(report.environment).toMatchObject({ host: "browser", device: "cpu" });
    expect(report.audits.filter(({ status }) => status === "failed")).toEqual([]);
    expect(report.audits.filter(({ status }) => status === "completed").length).toBeGreaterThan(5);
    expect(await tab.download(/^Markdown/)).toContain("people.csv");
    expect(await tab.download(/^HTML/)).toContain("<svg");
  });

  test("pushes the report and nothing else", async () => {
    watch.forget();
    await page.getByRole("button", { name: "Push only the report" }).click();
    await page.getByText("The report is on the server; the data are not.").waitFor();
    // The watch sees: names of groups are in the report that went.
    expect(leaks(watch.sent, groupMarkers)).toEqual(["sex"]);
    const private_ = { id: rowMarkers.id, note: rowMarkers.note, income: rowMarkers.income, ...modelMarkers };
    expect(leaks(watch.sent, private_)).toEqual([]);
    expect(leaks(await bytesUnder(server.folder), private_)).toEqual([]);
    const { items } = await server.call("GET", "/projects/credit/runs");
    const report = await server.call("GET", `/runs/${items[0].id}/report`);
    expect(items[0]).toMatchObject({ origin: "pushed", dataset: null, model: null });
    expect(leaks(Buffer.from(JSON.stringify(report)), private_)).toEqual([]);
    await page.getByRole("link", { name: `Run ${items[0].number}` }).click();
    await page.getByText("this server checked its digests").waitFor();
  });
});

/** All files of a folder, one after another; those that are gone or locked meanwhile are left out. */
async function bytesUnder(folder: string): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isFile()) parts.push(await readFile(join(entry.parentPath, entry.name)).catch(() => Buffer.alloc(0)));
  }
  return Buffer.concat(parts);
}
