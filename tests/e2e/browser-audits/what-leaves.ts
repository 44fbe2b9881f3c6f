import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { runningCluster } from "@assay/db/embedded";
import pg from "pg";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { smallPipeline } from "../../../packages/models/src/onnx/small-models.testing.ts";
import { seriousFaults } from "../accessibility.ts";
import { leaks } from "../network-watch.ts";
import type { GivenFile, TabAuditPage } from "../tab-audit.ts";
import type { TabSession } from "./session.ts";

/** In every column something that stands nowhere else. */
const markers = {
  id: "mk-person-",
  note: "mk-said-",
  diagnosis: "mk-flu",
  income: "48213.77",
  age: ".258319",
  town: "mk-Rom",
  region: "mk-north",
  sex: "mk-woman",
  paid: "mk-back",
};
/**
 * What a report says by nature: the names of the groups that are compared, the classes of the label, and values of features
 * where an audit asks about them, which here are ages. Every other column keeps its values.
 */
const { age, sex, paid, ...unsaid } = markers;
const said = { age, sex, paid };

const data: GivenFile = {
  name: "secret.csv",
  bytes: [
    "id,note,diagnosis,income,age,town,region,sex,paid",
    ...Array.from({ length: 400 }, (_, row) => {
      const person = String(row).padStart(4, "0");
      return [
        `mk-person-${person}`,
        `mk-said-${person}`,
        row % 3 ? "mk-flu" : "mk-cold",
        `48213.77${person}`,
        `${40 + ((row * 7) % 5)}.258319`,
        ["Bern", "Oslo", "mk-Rom"][row % 3],
        row % 5 < 2 ? "mk-north" : "mk-south",
        row % 2 ? "mk-woman" : "mk-man",
        row % 4 < 2 ? "mk-back" : "mk-not",
      ].join(",");
    }),
  ].join("\n"),
};
const model = smallPipeline();
/** The whole model in pieces: any of them tells. */
const pieces = Object.fromEntries(
  Array.from({ length: Math.floor(model.length / 16) }, (_, piece) => [
    `model bytes from ${piece * 16}`,
    model.subarray(piece * 16, piece * 16 + 16),
  ]),
);
const plan = `version: 1
project: people
data: { file: secret.csv }
columns:
  id: id
  label: paid
  positive: mk-back
  protected: [sex]
  quasi_identifiers: [age, town, region]
  identifiers: [note]
  sensitive: [diagnosis]
  features: [age, town]
model: { file: pipeline.onnx }
audits:
  efficiency.profile: {}
  explainability.associations: {}
  explainability.permutation-importance: { repeats: 2 }
  fairness.calibration: { replicates: 200 }
  fairness.group-metrics: { replicates: 500 }
  fairness.impact-ratio: {}
  fairness.representation: {}
  fairness.subgroups: {}
  impact.classification: { replicates: 200 }
  privacy.reidentification: {}
seed: 7
`;
/** For what a busy machine does in its time. */
const patient = { timeout: 30_000 };
const everything = { ...markers, ...pieces };

/** Rows and models stay in the tab; what is pushed is the report. */
export function whatLeaves(session: () => TabSession): void {
  let tab: TabAuditPage;
  let page: Page;

  beforeAll(async () => {
    tab = await session().newTab();
    page = tab.page;
  }, 180_000);
  afterAll(() => page?.close());

  test("the watch sees what is sent in any way, and what is kept anywhere", async () => {
    const { watch } = session();
    const send = (name: string): void => {
      void fetch(`/healthz?${name}-in-address`);
      void fetch("/healthz", { headers: { "x-some": `${name}-in-header` } });
      void fetch("/healthz", { method: "POST", body: `${name}-in-body` });
      void fetch("/healthz", { method: "POST", body: btoa(`.${name}-in-base64`) });
      const socket = new WebSocket(`ws://${location.host}/${name}-in-socket`);
      // Browsers open one after the other, and nobody answers this one.
      setTimeout(() => socket.close(), 1000);
    };
    await page.evaluate(send, "page");
    for (const worker of await tab.auditWorkers()) await worker.evaluate(send, "worker");
    await page.evaluate(() => navigator.sendBeacon("/healthz", "page-in-beacon"));
    const ways = ["address", "header", "body", "base64", "socket"].flatMap((way) => [
      `page-in-${way}`,
      `worker-in-${way}`,
    ]);
    const sent = Object.fromEntries([...ways, "page-in-beacon"].map((name) => [name, name]));
    await expect.poll(() => leaks(watch.sent, sent).sort(), patient).toEqual(Object.keys(sent).sort());

    await page.evaluate(async () => {
      console.log("kept-on-console");
      localStorage.setItem("kept", "kept-local");
      sessionStorage.setItem("kept", "kept-session");
      // biome-ignore lint/suspicious/noDocumentCookie: the test is about where things can be kept
      document.cookie = "kept=kept-cookie";
      await (await caches.open("kept")).put("/kept", new Response("kept-cache"));
      const writable = await (
        await (await navigator.storage.getDirectory()).getFileHandle("kept", { create: true })
      ).createWritable();
      await writable.write("kept-file");
      await writable.close();
      await new Promise((resolve) => {
        const opening = indexedDB.open("kept");
        opening.onupgradeneeded = () => opening.result.createObjectStore("kept").put("kept-database", 1);
        opening.onsuccess = () => resolve(opening.result.close());
      });
    });
    for (const worker of await tab.auditWorkers()) await worker.evaluate(() => console.log("kept-on-worker-console"));
    await expect
      .poll(() => session().said, patient)
      .toEqual(expect.arrayContaining(["kept-on-console", "kept-on-worker-console"]));
    const kept = ["local", "session", "cookie", "cache", "file", "database"].map((place) => `kept-${place}`);
    await expect
      .poll(
        async () => leaks(await stored(page, session().profile), Object.fromEntries(kept.map((name) => [name, name]))),
        patient,
      )
      .toEqual(kept);
    await page.evaluate(async () => {
      localStorage.clear();
      sessionStorage.clear();
      // biome-ignore lint/suspicious/noDocumentCookie: as above
      document.cookie = "kept=; max-age=0";
      await caches.delete("kept");
      await (await navigator.storage.getDirectory()).removeEntry("kept");
      indexedDB.deleteDatabase("kept");
    });
    session().forgive(/status of 40\d|WebSocket/);
  });

  test("workers that hold rows can reach no other place, even if they tried", async () => {
    const { watch } = session();
    watch.forget();
    // The same server by another name: a place that would answer.
    const elsewhere = `http://127.0.0.1:${watch.port}/healthz?gone`;
    const refused = async (address: string): Promise<string> => {
      const violated = new Promise<string>((resolve) => {
        addEventListener("securitypolicyviolation", (event) => resolve(event.effectiveDirective));
      });
      const answer = fetch(address, { mode: "no-cors" }).then(() => "reached");
      return Promise.race([violated, answer.catch(() => violated)]);
    };
    const workers = page.workers();
    expect(workers.length).toBeGreaterThan(1);
    expect(await page.evaluate(refused, elsewhere)).toBe("connect-src");
    for (const worker of workers) expect(await worker.evaluate(refused, elsewhere)).toBe("connect-src");
    expect(leaks(watch.sent, { gone: "healthz?gone" })).toEqual([]);
    session().forgive(/Content Security Policy|Failed to fetch/);
  });

  test("sends no row and no byte of the model, and keeps none", async () => {
    const { watch, profile } = session();
    session().said.length = 0;
    expect(await seriousFaults(page)).toEqual([]);
    watch.forget();
    await tab.chooseData(data);
    await tab.chooseModel({ name: "pipeline.onnx", bytes: model });
    await tab.writePlan(plan);
    await tab.startable();
    expect(await seriousFaults(page)).toEqual([]);
    await tab.start();
    await tab.finished();
    await page.locator("figure svg:visible").first().waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    expect(watch.requests).toEqual([]);
    expect(leaks(watch.sent, everything)).toEqual([]);
    expect(leaks(Buffer.from(session().said.join("\n")), everything)).toEqual([]);
    expect(leaks(await stored(page, profile), everything)).toEqual([]);
  });

  test("gives a report of the device it ran on, without values that say who somebody is", async () => {
    const report = await tab.report();
    expect(report.environment).toMatchObject({ host: "browser", device: "cpu" });
    expect(report.audits.map(({ id, status }) => [id, status])).toEqual(
      report.audits.map(({ id }) => [id, "completed"]),
    );
    expect(report.audits).toHaveLength(10);
    expect(leaks(Buffer.from(JSON.stringify(report)), everything)).toEqual(Object.keys(said));
    const html = await tab.download(/^HTML/);
    expect(html).toContain("<svg");
    for (const file of [html, await tab.download(/^Markdown/), await tab.download(/^CSV/)]) {
      expect(leaks(Buffer.from(file), { ...unsaid, ...pieces })).toEqual([]);
    }
  });

  test("pushes the report and nothing else; the server's database, files and log have no more", async () => {
    const { server, watch } = session();
    watch.forget();
    await page.getByRole("button", { name: "Push only the report" }).click();
    await page.getByText("The report is on the server; the data are not.").waitFor();
    // The watch sees: what a report says by nature is in the report that went.
    expect(leaks(watch.sent, everything)).toEqual(Object.keys(said));
    expect(watch.requests.filter((line) => line.startsWith("POST"))).toEqual([expect.stringContaining("reports.push")]);
    expect(leaks(Buffer.from(server.output), everything)).toEqual([]);
    expect(leaks(await bytesUnder(server.folder), { ...unsaid, ...pieces })).toEqual([]);
    expect(leaks(await databaseText(server.folder), { ...unsaid, ...pieces })).toEqual([]);
    const { items } = await server.call("GET", "/projects/credit/runs");
    expect(items[0]).toMatchObject({ origin: "pushed", dataset: null, model: null });
    const kept = await server.call("GET", `/runs/${items[0].id}/report`);
    expect(leaks(Buffer.from(JSON.stringify(kept)), everything)).toEqual(Object.keys(said));
    await page.getByRole("link", { name: `Run ${items[0].number}` }).click();
    await page.getByText("this server checked its digests").waitFor();
  });
}

/** What the browser keeps beyond the tab's memory: what pages can ask for, and all files of its profile. */
async function stored(page: Page, profile: string): Promise<Buffer> {
  const items = await page.evaluate(async () => {
    const databases: unknown[] = [];
    for (const { name = "" } of await indexedDB.databases()) {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const opening = indexedDB.open(name);
        opening.onsuccess = () => resolve(opening.result);
        opening.onerror = () => reject(opening.error);
      });
      for (const store of database.objectStoreNames) {
        const all = database.transaction(store).objectStore(store).getAll();
        await new Promise((resolve) => {
          all.onsuccess = resolve;
        });
        databases.push(name, store, all.result);
      }
      database.close();
    }
    const cached: unknown[] = [];
    for (const name of await caches.keys()) {
      for (const request of await (await caches.open(name)).keys()) {
        cached.push(name, request.url, await (await caches.match(request))?.text());
      }
    }
    const files: unknown[] = [];
    for await (const [name, handle] of (await navigator.storage.getDirectory()).entries()) {
      files.push(name, handle instanceof FileSystemFileHandle ? await (await handle.getFile()).text() : "a folder");
    }
    return {
      local: { ...localStorage },
      session: { ...sessionStorage },
      databases,
      cached,
      files,
      cookies: document.cookie,
      workers: (await navigator.serviceWorker.getRegistrations()).length,
      history: JSON.stringify(history.state),
      title: document.title,
      address: location.href,
    };
  });
  return Buffer.concat([Buffer.from(JSON.stringify(items)), await bytesUnder(profile)]);
}

/** Every row of every table as text: in its files PostgreSQL has long values compressed. */
async function databaseText(folder: string): Promise<Buffer> {
  const client = new pg.Client({ connectionString: (await runningCluster(join(folder, "postgres"))) ?? "" });
  await client.connect();
  try {
    const tables = await client.query(
      "select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')",
    );
    const texts: string[] = [];
    for (const { name } of tables.rows) {
      const { rows } = await client.query(`select t::text as line from ${name} t`);
      texts.push(...rows.map(({ line }) => line));
    }
    return Buffer.from(texts.join("\n"));
  } finally {
    await client.end();
  }
}

/** All files of a folder, one after another; those that are gone or locked meanwhile are left out. */
async function bytesUnder(folder: string): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isFile()) parts.push(await readFile(join(entry.parentPath, entry.name)).catch(() => Buffer.alloc(0)));
  }
  return Buffer.concat(parts);
}
