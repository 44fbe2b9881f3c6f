import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Comparison } from "@assay/schema";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connect, type Database } from "./connect.ts";
import { type Cluster, startCluster } from "./embedded/index.ts";
import { listenToRuns } from "./listen.ts";
import { migrate } from "./migrate.ts";

let folder: string;
let cluster: Cluster;
let database: Database;
let home: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "assay-db-comparison-"));
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
const settings = { confidence: 0.9, replicates: 500, seed: Number.MAX_SAFE_INTEGER };
const result = { verdict: "mixed", pairing: { kind: "id", column: "nul\u0000", rows: 12 } } as unknown as Comparison;

/** A project with two completed runs. */
async function twoRuns(name: string) {
  const { stores } = database;
  const project = await stores.projects.ensure(home, name);
  const push = (letter: string) =>
    stores.runs.push({
      projectId: project.id,
      planYaml: `project: ${name}\nseed: ${letter}\n`,
      title: `${name} ${letter}`,
      verdict: "pass",
      counts: { fail: 0, indeterminate: 0, pass: 1, info: 0 },
      startedAt: new Date(0),
      seconds: 1,
      report: { digest: digest(letter), json: "{}" },
    });
  const [from, to] = [await push("a"), await push("b")];
  return { project, from, to };
}
async function queued(name: string) {
  const { project, from, to } = await twoRuns(name);
  const row = await database.stores.comparisons.create(
    { projectId: project.id, fromId: from.id, toId: to.id, key: digest("1"), settings },
    async () => {},
  );
  return { project, from, to, row };
}

describe("comparisons of two runs", () => {
  it("with the same key are one, enqueued once; with another they are another", async () => {
    const { project, from, to } = await twoRuns("Keys");
    const enqueued: string[] = [];
    const create = (key: string) =>
      database.stores.comparisons.create(
        { projectId: project.id, fromId: from.id, toId: to.id, key: digest(key), settings },
        async (_, id) => {
          enqueued.push(id);
        },
      );
    const made = await Promise.all([create("1"), create("1"), create("1")]);
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    expect(made[0]).toMatchObject({
      status: "queued",
      from: { number: 1, title: "Keys a" },
      to: { number: 2 },
      settings,
      result: null,
      progress: { done: 0, total: 100, stage: null },
    });
    const other = await create("2");
    expect(other.id).not.toBe(made[0]?.id);
    const { items, total } = await database.stores.comparisons.list(project.id, { from: from.id, pageSize: 1 });
    expect([total, items.map(({ id }) => id)]).toEqual([2, [other.id]]);
    expect((await database.stores.comparisons.list(project.id, { from: to.id })).total).toBe(0);
    // The row that was made holds the job that was enqueued last for it.
    expect(enqueued).toContain(made[0]?.id);
  });

  it("are not made where their job could not be enqueued, nor of a run that is gone", async () => {
    const { project, from, to } = await twoRuns("Atomic");
    const given = { projectId: project.id, fromId: from.id, toId: to.id, key: digest("1"), settings };
    const refuse = async () => {
      throw new Error("no queue");
    };
    await expect(database.stores.comparisons.create(given, refuse)).rejects.toThrow("no queue");
    expect((await database.stores.comparisons.list(project.id, {})).total).toBe(0);
    await database.stores.runs.remove(to.id);
    await expect(database.stores.comparisons.create(given, async () => {})).rejects.toMatchObject({
      code: "not-found",
    });
  });

  it("are finished by the attempt that holds them, and by no earlier one", async () => {
    const { comparisonWork: work, comparisons } = database.stores;
    const { row } = await queued("Fences");
    const first = await work.take(row.id, "a:1");
    expect(first).toMatchObject({
      attempt: 1,
      settings,
      from: { number: 1, report: digest("a") },
      to: { dataset: null },
    });
    expect(await work.unfinished()).toContainEqual({ id: row.id, running: true, worker: "a:1" });
    const second = await work.take(row.id, "b:2");
    expect(second?.attempt).toBe(2);
    expect(await work.heartbeat(row.id, 1)).toBe(false);
    expect(await work.heartbeat(row.id, 2)).toBe(true);
    expect(await work.complete(row.id, 1, result)).toBe(false);
    expect(await work.fail(row.id, 1, { code: "internal", message: "late", problems: [] })).toBe(false);
    expect(await work.complete(row.id, 2, result)).toBe(true);
    expect(await work.complete(row.id, 2, result)).toBe(false);
    expect(await comparisons.get(row.id)).toMatchObject({ status: "completed", verdict: "mixed", rows: 12, result });
    expect(await work.take(row.id, "c:3")).toBeNull();
    expect((await work.unfinished()).some(({ id }) => id === row.id)).toBe(false);
  });

  it("once cancelled stay cancelled; asked for again they are made anew, as are those that failed", async () => {
    const { comparisonWork: work, comparisons } = database.stores;
    const { project, from, to, row } = await queued("Cancels");
    await work.take(row.id, "a:1");
    expect(await comparisons.cancel(row.id)).toBe(true);
    expect(await comparisons.cancel(row.id)).toBe(false);
    expect(await work.heartbeat(row.id, 1)).toBe(false);
    expect(await work.complete(row.id, 1, result)).toBe(false);
    const again = await comparisons.create(
      { projectId: project.id, fromId: from.id, toId: to.id, key: digest("1"), settings },
      async () => {},
    );
    expect(again).toMatchObject({ status: "queued", error: null });
    expect(again.id).not.toBe(row.id);
    await work.take(again.id, "a:1");
    await work.fail(again.id, 1, { code: "data-invalid", message: "twice", problems: [{ at: "id", message: "x" }] });
    expect(await comparisons.get(again.id)).toMatchObject({
      status: "failed",
      error: { code: "data-invalid", problems: [{ at: "id", message: "x" }] },
    });
    await expect(comparisons.cancel("none")).rejects.toMatchObject({ code: "not-found" });
  });

  it("go with either run, and leave both when they are removed themselves", async () => {
    const { comparisons, runs } = database.stores;
    const one = await queued("Gone");
    await runs.remove(one.from.id);
    await expect(comparisons.get(one.row.id)).rejects.toMatchObject({ code: "not-found" });
    const two = await queued("Kept");
    await comparisons.remove(two.row.id);
    expect(await runs.find(two.from.id)).not.toBeNull();
    await expect(comparisons.remove(two.row.id)).rejects.toMatchObject({ code: "not-found" });
  });

  it("tell listeners of every visible change, and raise their revision; a heartbeat is none", async () => {
    const { comparisonWork: work, comparisons } = database.stores;
    const { row } = await queued("Changes");
    const heard: (string | null)[] = [];
    const listener = listenToRuns(cluster.url, (id) => heard.push(id));
    await expect.poll(() => heard.length, { timeout: 120_000 }).toBe(1);
    await work.take(row.id, "a:1");
    const before = (await comparisons.get(row.id)).revision;
    await work.heartbeat(row.id, 1);
    expect((await comparisons.get(row.id)).revision).toBe(before);
    await work.progress(row.id, 1, { done: 15, stage: "reading" });
    expect(await comparisons.get(row.id)).toMatchObject({
      revision: before + 1,
      progress: { done: 15, stage: "reading" },
    });
    await comparisons.remove(row.id);
    await expect.poll(() => heard.filter((id) => id === row.id).length, { timeout: 120_000 }).toBe(3);
    await listener.close();
  });
});

describe("runs and models that came of another run", () => {
  it("say so, and no longer once it is removed", async () => {
    const { stores } = database;
    const project = await stores.projects.ensure(home, "Lineage");
    const dataset = await stores.datasets.add({
      ...{ project: project.id, name: "d", fileName: "d.csv", digest: digest("d"), sizeBytes: 1, rows: 1 },
      ...{ format: "csv", encoding: "utf-8", columns: [], warnings: [] },
      reading: { counts: false, delimiter: null, header: [] },
    });
    const make = (sourceId?: string) =>
      stores.runs.create(
        { projectId: project.id, datasetId: dataset.id, planYaml: "x", title: "x", sourceId },
        async () => {},
      );
    const source = await make();
    const run = await make(source.id);
    expect(run.source).toEqual({ id: source.id, number: source.number });
    expect((await stores.runs.list(project.id, { source: source.id })).items.map(({ id }) => id)).toEqual([run.id]);
    const user = await stores.users.addFirst({
      ...{ name: "x", email: "x@example.org", passwordHash: "h" },
      apiKey: { name: "k", hash: "h", start: "k" },
    });
    const version = await stores.models.add({
      ...{ project: project.id, name: "m", fileName: "m.onnx", digest: digest("e"), sizeBytes: 3, files: [] },
      about: { file: "m.onnx", digest: digest("e"), format: "onnx" } as never,
      card: {},
      trainingDatasetId: dataset.id,
      madeById: run.id,
      uploaderId: user?.id ?? "",
    });
    expect(version.madeBy).toEqual({ id: run.id, number: run.number });
    expect((await stores.models.ofBytes(project.id, [digest("e")])).map(({ id }) => id)).toEqual([version.id]);
    expect(await stores.models.ofBytes(project.id, [])).toEqual([]);
    await stores.runs.remove(source.id);
    expect((await stores.runs.get(run.id)).source).toBeNull();
    await stores.runs.remove(run.id);
    expect((await stores.models.version(version.id)).madeBy).toBeNull();
  });
});
