import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AssayError } from "@assay/schema";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connect, type Database } from "./connect.ts";
import { type Cluster, runningCluster, startCluster } from "./embedded/index.ts";
import { listenToRuns } from "./listen.ts";
import { migrate, readMigrations } from "./migrate.ts";
import { slugOf } from "./project.ts";

let folder: string;
let cluster: Cluster;
let database: Database;
let home: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "assay-db-test-"));
  cluster = await startCluster(folder);
  await migrate(cluster.url);
  database = connect(cluster.url);
  home = (await database.stores.organizations.home()).id;
}, 120_000);
afterAll(async () => {
  await database.close();
  await cluster.stop();
  await rm(folder, { recursive: true, force: true });
});

const digest = (letter: string) => `sha256:${letter.repeat(64)}` as const;

async function makeDataset(projectId: string, letter = "a") {
  return database.stores.datasets.add({
    project: projectId,
    name: "data",
    fileName: "data.csv",
    digest: digest(letter),
    sizeBytes: 12,
    rows: 3,
    format: "csv",
    encoding: "utf-8",
    columns: [
      {
        name: "nul\u0000",
        type: "text",
        distinct: 1,
        missing: 0,
        top: [{ value: "\u0000", count: 3 }],
        min: null,
        max: null,
      },
    ],
    warnings: [],
    reading: { counts: false, delimiter: null, header: [] },
  });
}

async function makeRun(name: string, options: { idempotencyKey?: string; enqueue?: () => Promise<void> } = {}) {
  const project = await database.stores.projects.ensure(home, name);
  const dataset = await makeDataset(project.id);
  return database.stores.runs.create(
    {
      projectId: project.id,
      datasetId: dataset.id,
      planYaml: `project: ${name}\n`,
      title: name,
      idempotencyKey: options.idempotencyKey,
    },
    options.enqueue ?? (async () => {}),
  );
}

const report = { digest: digest("c"), json: '{"format":"assay.report"}' };
const result = {
  report,
  verdict: "pass",
  counts: { fail: 0, indeterminate: 0, pass: 2, info: 1 },
  artifacts: [],
} as const;

describe("the embedded cluster", () => {
  it("has one server: a second is told who the first is", async () => {
    await expect(startCluster(folder)).rejects.toThrow(
      `another Assay server (process ${process.pid}) is using the data`,
    );
    expect(await runningCluster(folder)).toBe(cluster.url);
  });

  it("does not listen on the network", async () => {
    const client = new pg.Client({ connectionString: cluster.url });
    await client.connect();
    const { rows } = await client.query("SHOW listen_addresses");
    await client.end();
    expect(rows[0].listen_addresses).toBe(process.platform === "win32" ? "127.0.0.1" : "");
  });
});

describe("migrations", () => {
  it("are applied once, however many servers start together", async () => {
    expect(await Promise.all([migrate(cluster.url), migrate(cluster.url)])).toEqual([[], []]);
  });

  it("bring a database exactly to the schema", async () => {
    const { drift } = await import("../prisma/drift.mjs");
    expect(await drift(cluster.url)).toBe("");
  });

  it("that were changed after they ran, or come from a newer version, are refused", async () => {
    const [first] = readMigrations();
    if (!first) throw new Error("there are no migrations");
    await expect(migrate(cluster.url, [{ ...first, checksum: "0" }])).rejects.toThrow("was changed after it ran");
    await expect(migrate(cluster.url, [])).rejects.toThrow("changed by a newer Assay");
  });

  it("that fail leave nothing behind", async () => {
    const bad = { name: "99990101000000_bad", sql: "CREATE TABLE half (); SELECT nonsense;", checksum: "1" };
    await expect(migrate(cluster.url, [...readMigrations(), bad])).rejects.toThrow("99990101000000_bad failed");
    const client = new pg.Client({ connectionString: cluster.url });
    await client.connect();
    expect((await client.query("SELECT to_regclass('half') AS half")).rows[0].half).toBeNull();
    await client.end();
  });
});

describe("projects", () => {
  it("are found by id and slug, and made once by name", async () => {
    const [one, two] = await Promise.all([
      database.stores.projects.ensure(home, "Kredit & Co"),
      database.stores.projects.ensure(home, "Kredit & Co"),
    ]);
    expect(one.id).toBe(two.id);
    expect(one.slug).toBe("kredit-co");
    expect((await database.stores.projects.get(home, one.id)).id).toBe(one.id);
    await expect(database.stores.projects.create(home, "kredit co")).rejects.toMatchObject({ code: "already-exists" });
    await expect(database.stores.projects.get(home, "none")).rejects.toMatchObject({ code: "not-found" });
  });

  it("keep letters of any script in their slug", () => {
    expect(slugOf("信用 评分 2")).toBe("信用-评分-2");
    expect(() => slugOf("—")).toThrow(AssayError);
  });

  it("go with their runs, reports and datasets", async () => {
    const run = await makeRun("Gone");
    await database.stores.projects.remove(home, "gone");
    expect(await database.stores.runs.find(run.id)).toBeNull();
  });
});

describe("datasets", () => {
  it("of the same bytes, read the same way, are one; any text may stand in them", async () => {
    const project = await database.stores.projects.ensure(home, "Sets");
    const [one, two] = await Promise.all([makeDataset(project.id, "b"), makeDataset(project.id, "b")]);
    expect(one.id).toBe(two.id);
    expect((await database.stores.datasets.get(one.id)).columns[0]?.top[0]?.value).toBe("\u0000");
    expect(await database.stores.uploads.digestsInUse()).toContain(digest("b"));
  });
});

describe("runs", () => {
  it("count up inside their project without gaps or doubles", async () => {
    const runs = await Promise.all(Array.from({ length: 8 }, () => makeRun("Numbers")));
    expect(runs.map((run) => run.number).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it("with the same key are one run, enqueued once", async () => {
    let enqueued = 0;
    const enqueue = async () => {
      enqueued++;
    };
    const runs = await Promise.all([1, 2, 3].map(() => makeRun("Keys", { idempotencyKey: "k", enqueue })));
    expect(new Set(runs.map((run) => run.id)).size).toBe(1);
    expect((await makeRun("Keys", { idempotencyKey: "k", enqueue })).id).toBe(runs[0]?.id);
    expect(enqueued).toBeGreaterThanOrEqual(1);
  });

  it("are not made where their job could not be enqueued", async () => {
    const refuse = async () => {
      throw new Error("no queue");
    };
    await expect(makeRun("Atomic", { enqueue: refuse })).rejects.toThrow("no queue");
    const project = await database.stores.projects.get(home, "atomic");
    expect(project.runs).toBe(0);
  });

  it("are finished by the attempt that holds them, and by no earlier one; the report appears once", async () => {
    const { work, runs, reports } = database.stores;
    const run = await makeRun("Fences");
    const first = await work.take(run.id, "a:1");
    const second = await work.take(run.id, "b:2");
    expect([first?.attempt, second?.attempt]).toEqual([1, 2]);
    expect(await work.heartbeat(run.id, 1)).toBe(false);
    expect(await work.complete(run.id, 1, result)).toBe(false);
    expect(await work.fail(run.id, 1, { code: "internal", message: "late", problems: [] })).toBe(false);
    expect(await work.complete(run.id, 2, result)).toBe(true);
    expect(await work.complete(run.id, 2, result)).toBe(false);
    expect(await runs.get(run.id)).toMatchObject({ status: "completed", verdict: "pass", counts: { pass: 2 } });
    expect(await reports.json(run.id)).toBe(report.json);
    expect(await work.take(run.id, "c:3")).toBeNull();
  });

  it("once cancelled stay cancelled", async () => {
    const { work, runs, reports } = database.stores;
    const run = await makeRun("Cancels");
    await work.take(run.id, "a:1");
    expect(await runs.cancel(run.id)).toBe(true);
    expect(await runs.cancel(run.id)).toBe(false);
    expect(await work.heartbeat(run.id, 1)).toBe(false);
    expect(await work.complete(run.id, 1, result)).toBe(false);
    await expect(reports.json(run.id)).rejects.toThrow("it is cancelled");
  });

  it("tell listeners of every visible change, and raise their revision; a heartbeat is none", async () => {
    const { work, runs } = database.stores;
    const run = await makeRun("Changes");
    const heard: (string | null)[] = [];
    const listener = listenToRuns(cluster.url, (id) => heard.push(id));
    await expect.poll(() => heard.length).toBe(1);
    await work.take(run.id, "a:1");
    const before = (await runs.get(run.id)).revision;
    await work.heartbeat(run.id, 1);
    expect((await runs.get(run.id)).revision).toBe(before);
    await work.progress(run.id, 1, { done: 1, total: 2, audit: "x" });
    expect((await runs.get(run.id)).revision).toBe(before + 1);
    await expect.poll(() => heard.filter((id) => id === run.id).length).toBe(2);
    await listener.close();
  });
});

describe("steps", () => {
  it("are committed once by their id, and come back as they were", async () => {
    const { steps, work } = database.stores;
    const run = await makeRun("Steps");
    await work.take(run.id, "a:1");
    const step = { id: "fairness.x/0/0", audit: "fairness.x", round: 0, index: 0 };
    await steps.started(run.id, 1, "a:1", step);
    const summary = { counts: new Float64Array([1, 2.5, 3]), levels: ["a", "b"] };
    await steps.commit(run.id, 1, step.id, summary);
    await steps.commit(run.id, 1, step.id, { other: true });
    const found = await steps.finished(run.id, [step.id, "fairness.x/0/1"]);
    expect([...found]).toEqual([[step.id, summary]]);
    const log = await steps.log(run.id);
    expect(log).toHaveLength(1);
    expect(log[0]).toMatchObject({ ...step, attempt: 1, worker: "a:1", finishedAt: expect.any(String) });
  });
});

describe("the first account", () => {
  it("is made once, however many ask at the same time", async () => {
    const ask = (email: string) =>
      database.stores.users.addFirst({
        name: "x",
        email,
        passwordHash: "h",
        apiKey: { name: "k", hash: email, start: "k" },
      });
    const answers = await Promise.allSettled([ask("A@example.org"), ask("b@example.org"), ask("c@example.org")]);
    expect(answers.filter((answer) => answer.status === "fulfilled")).toHaveLength(1);
    expect(await database.stores.users.count()).toBe(1);
  });
});
