import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ReportModel } from "@assay/schema";
import { afterAll, beforeAll, expect, it } from "vitest";
import { connect, type Database } from "./connect.ts";
import { type Cluster, startCluster } from "./embedded/index.ts";
import { migrate } from "./migrate.ts";
import type { NewModelVersion } from "./model.ts";

let folder: string;
let cluster: Cluster;
let database: Database;
let home: string;
let user: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "assay-models-test-"));
  cluster = await startCluster(folder);
  await migrate(cluster.url);
  database = connect(cluster.url);
  home = (await database.stores.organizations.home()).id;
  const { id } = await database.stores.users.addFirst({
    name: "Ada",
    email: "ada@example.org",
    passwordHash: "h",
    apiKey: { name: "k", hash: "h", start: "k" },
  });
  user = id;
}, 120_000);
afterAll(async () => {
  await database.close();
  await cluster.stop();
  await rm(folder, { recursive: true, force: true });
});

const digest = (letter: string) => `sha256:${letter.repeat(64)}` as const;
const about: ReportModel = {
  digest: digest("a"),
  file: "model.onnx",
  format: "onnx",
  sizeBytes: 12,
  parameters: 3,
  inputs: [{ name: "nul\u0000", kind: "number" }],
  output: "probabilities",
  structure: "trees",
  link: "logistic",
  classes: ["0", "1"],
};

function version(project: string, change: Partial<NewModelVersion> = {}): NewModelVersion {
  return {
    project,
    name: "scorecard",
    fileName: "model.onnx",
    digest: digest("a"),
    sizeBytes: 12,
    files: [],
    about,
    card: {},
    trainingDatasetId: null,
    uploaderId: user,
    ...change,
  };
}

it("counts versions up inside their model, however many push at once; the same bytes are one", async () => {
  const { models, projects, uploads } = database.stores;
  const project = await projects.ensure(home, "Counts");
  const letters = ["a", "b", "a", "c", "a", "b"];
  const made = await Promise.all(letters.map((letter) => models.add(version(project.id, { digest: digest(letter) }))));
  expect(new Set(made.map((one) => one.id)).size).toBe(3);
  const [model] = await models.list(project.id);
  expect(model).toMatchObject({ name: "scorecard", versions: 3, latest: { number: 3, uploader: "Ada" } });
  const detail = await models.get(model?.id ?? "");
  expect(detail.versions.map((one) => one.number)).toEqual([3, 2, 1]);
  expect(detail.latest.about).toEqual(about);
  const other = await models.add(version(project.id, { name: "challenger" }));
  expect(other.number).toBe(1);
  expect((await projects.get(home, "counts")).models).toBe(2);
  expect(await uploads.digestsInUse()).toEqual(new Set(["a", "b", "c"].map(digest)));
});

it("takes purpose, owner and licence over from the version before; notes and training data are a version's own", async () => {
  const { models, projects } = database.stores;
  const project = await projects.ensure(home, "Cards");
  const dataset = await makeDataset(project.id);
  const card = { purpose: "grants credit", owner: "risk", licence: "MIT", notes: "first" };
  const one = await models.add(version(project.id, { card, trainingDatasetId: dataset.id }));
  expect(one).toMatchObject({ card, trainedOn: { id: dataset.id, name: "data" } });
  const two = await models.add(version(project.id, { digest: digest("b"), card: { owner: "pricing" } }));
  expect(two).toMatchObject({ card: { ...card, owner: "pricing", notes: "" }, trainedOn: null });
  const told = await models.describe(two.id, { notes: "second", trainingDatasetId: dataset.id });
  expect(told).toMatchObject({ card: { owner: "pricing", notes: "second" }, trainedOn: { id: dataset.id } });
  expect((await models.describe(two.id, { trainingDatasetId: null })).trainedOn).toBeNull();
  await database.stores.datasets.remove(dataset.id);
  expect((await models.version(one.id)).trainedOn).toBeNull();
});

it("finds the newest version of a file's name", async () => {
  const { models, projects } = database.stores;
  const project = await projects.ensure(home, "Names");
  await models.add(version(project.id));
  const newer = await models.add(version(project.id, { name: "other", digest: digest("b") }));
  expect((await models.findByFile(project.id, "model.onnx"))?.id).toBe(newer.id);
  expect(await models.findByFile(project.id, "none.onnx")).toBeNull();
});

it("gives a run the version it was made with; a model that is removed leaves its runs", async () => {
  const { models, projects, runs, work } = database.stores;
  const project = await projects.ensure(home, "Runs");
  const dataset = await makeDataset(project.id);
  const made = await models.add(version(project.id));
  const run = await runs.create(
    {
      projectId: project.id,
      datasetId: dataset.id,
      modelVersionId: made.id,
      backgroundId: dataset.id,
      planYaml: "project: runs\n",
      title: "runs",
    },
    async () => {},
  );
  expect(run).toMatchObject({ backgroundId: dataset.id, model: { id: made.id, name: "scorecard", number: 1 } });
  const taken = await work.take(run.id, "a:1");
  expect(taken?.model).toEqual({ id: made.id, fileName: "model.onnx", digest: digest("a"), files: [] });
  expect(taken?.background?.fileName).toBe("data.csv");
  const { revision } = await runs.get(run.id);
  await work.progress(run.id, 1, { done: 0, total: 2, audit: null, stage: "predicting" });
  expect(await runs.get(run.id)).toMatchObject({ revision: revision + 1, progress: { stage: "predicting" } });
  expect((await models.version(made.id)).runs).toBe(1);
  await expect(models.remove(made.model.id)).rejects.toMatchObject({ code: "conflict" });
  await runs.cancel(run.id);
  await models.remove(made.model.id);
  expect((await runs.get(run.id)).model).toBeNull();
  await expect(models.version(made.id)).rejects.toMatchObject({ code: "not-found" });
  await expect(models.remove(made.model.id)).rejects.toMatchObject({ code: "not-found" });
});

const weights = (letter: string) => ({ name: "model.onnx_data", digest: digest(letter), sizeBytes: 5 });

it("tells versions apart by all their files, and finds the same set again in any order", async () => {
  const { models, projects, uploads } = database.stores;
  const project = await projects.ensure(home, "Sets");
  const shard = { name: "a/shard.bin", digest: digest("e"), sizeBytes: 7 };
  const alone = await models.add(version(project.id));
  const one = await models.add(version(project.id, { files: [weights("b"), shard] }));
  const two = await models.add(version(project.id, { files: [weights("c"), shard] }));
  const renamed = await models.add(version(project.id, { files: [{ ...weights("b"), name: "other" }, shard] }));
  expect([alone, one, two, renamed].map(({ number }) => number)).toEqual([1, 2, 3, 4]);
  expect(one.files).toEqual([shard, weights("b")]);
  const again = await Promise.all(
    [
      [shard, weights("b")],
      [weights("b"), shard],
    ].map((files) => models.add(version(project.id, { files }))),
  );
  expect(again.map(({ id }) => id)).toEqual([one.id, one.id]);
  const found = await models.findSame(project.id, "scorecard", { digest: digest("a"), files: [shard, weights("c")] });
  expect(found?.id).toBe(two.id);
  expect((await models.findSame(project.id, null, { digest: digest("a"), files: [] }))?.id).toBe(alone.id);
  expect(await models.findSame(project.id, null, { digest: digest("a"), files: [shard] })).toBeNull();
  for (const letter of ["a", "b", "c", "e"]) expect(await uploads.digestsInUse()).toContain(digest(letter));
});

it("lets go a version's bytes with it, but for those that another one has", async () => {
  const { models, projects, uploads } = database.stores;
  const project = await projects.ensure(home, "Shared bytes");
  const own = (main: string, letter: string) =>
    models.add(version(project.id, { digest: digest(main), files: [weights(letter)] }));
  const one = await own("1", "2");
  const two = await own("1", "3");
  expect(await models.removeVersion(two.id)).toEqual({ model: false });
  const inUse = await uploads.digestsInUse();
  expect([inUse.has(digest("1")), inUse.has(digest("2")), inUse.has(digest("3"))]).toEqual([true, true, false]);
  // Its number is not given again.
  expect((await own("1", "3")).number).toBe(3);
  await expect(models.removeVersion(two.id)).rejects.toMatchObject({ code: "not-found" });
  expect((await models.get(one.model.id)).versions.map(({ number }) => number)).toEqual([3, 1]);
});

it("keeps a version while a run needs it; the run of a removed one keeps its report, and the last one takes the model along", async () => {
  const { models, projects, reports, runs, work } = database.stores;
  const project = await projects.ensure(home, "Needed");
  const dataset = await makeDataset(project.id);
  const made = await models.add(version(project.id, { files: [weights("b")] }));
  const start = () =>
    runs.create(
      { projectId: project.id, datasetId: dataset.id, modelVersionId: made.id, planYaml: "project: n\n", title: "n" },
      async () => {},
    );
  const run = await start();
  const waiting = await start();
  const refused = await models.removeVersion(made.id).catch((error: unknown) => error);
  expect(refused).toMatchObject({
    code: "conflict",
    message: "runs 1, 2 need the model and are not finished; wait for the end or cancel first",
  });
  expect((await work.take(run.id, "a:1"))?.model?.files).toEqual([weights("b")]);
  await work.complete(run.id, 1, {
    report: { digest: digest("9"), json: "{}" },
    verdict: "none",
    counts: { fail: 0, indeterminate: 0, pass: 0, info: 0 },
    artifacts: [],
  });
  await expect(models.removeVersion(made.id)).rejects.toThrow(/^run 2 needs the model and is not finished/);
  await runs.cancel(waiting.id);
  expect(await models.removeVersion(made.id)).toEqual({ model: true });
  await expect(models.get(made.model.id)).rejects.toMatchObject({ code: "not-found" });
  expect(await runs.get(run.id)).toMatchObject({ status: "completed", model: null });
  expect(await reports.json(run.id)).toBe("{}");
});

it("never loses a version under a run that is made at the same moment", async () => {
  const { models, projects, runs } = database.stores;
  const project = await projects.ensure(home, "Race");
  const dataset = await makeDataset(project.id);
  for (let round = 0; round < 5; round++) {
    const made = await models.add(version(project.id, { name: `r${round}` }));
    const plan = { projectId: project.id, datasetId: dataset.id, planYaml: "project: r\n", title: "r" };
    const [run, removed] = await Promise.allSettled([
      runs.create({ ...plan, modelVersionId: made.id }, async () => {}),
      models.removeVersion(made.id),
    ]);
    // One of them comes first, and the other is told so.
    expect([run.status, removed.status].sort()).toEqual(["fulfilled", "rejected"]);
    if (run.status === "rejected") expect(run.reason).toMatchObject({ code: "not-found" });
    if (removed.status === "rejected") expect(removed.reason).toMatchObject({ code: "conflict" });
    if (run.status === "fulfilled") expect((await runs.get(run.value.id)).model?.id).toBe(made.id);
  }
});

function makeDataset(project: string) {
  return database.stores.datasets.add({
    project,
    name: "data",
    fileName: "data.csv",
    digest: digest("d"),
    sizeBytes: 12,
    rows: 3,
    format: "csv",
    encoding: "utf-8",
    columns: [],
    warnings: [],
    reading: { counts: false, delimiter: null, header: [] },
  });
}
