import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunStarter } from "@assay/api";
import { connect, type Database, migrate, type RunVerdict } from "@assay/db";
import { type Cluster, startCluster } from "@assay/db/embedded";
import { FeedbackForm } from "@assay/schema";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { NoticeSubject } from "../notices/notice.ts";
import { openBlobs } from "../storage/blobs.ts";
import { datasetService } from "../storage/datasets.ts";
import { modelService } from "../storage/models.ts";
import { openModelReader } from "../storage/read-model.ts";
import { openUploads } from "../storage/uploads.ts";
import { runDue } from "./run-due.ts";
import { tellEnded } from "./tell-ended.ts";

let folder: string;
let cluster: Cluster;
/** Two servers on one database. */
let databases: [Database, Database];
let home: string;
let project: string;
let schedule: string;
let enqueued: string[] = [];
let told: NoticeSubject[] = [];
let errors: unknown[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "assay-run-due-"));
  cluster = await startCluster(join(folder, "postgres"));
  await migrate(cluster.url);
  databases = [connect(cluster.url), connect(cluster.url)];
  home = (await databases[0].stores.organizations.home()).id;
}, 120_000);
afterAll(async () => {
  for (const database of databases) await database.close();
  await cluster.stop();
  await rm(folder, { recursive: true, force: true });
});

function starter({ stores }: Database): RunStarter {
  const blobs = openBlobs(join(folder, "blobs"));
  const uploads = openUploads({ folder: join(folder, "uploads"), blobs, stores, limitBytes: 1e6 });
  const reader = openModelReader(blobs, { atOnce: 1, memoryBytes: 1e9 });
  return {
    stores,
    services: {
      datasets: datasetService({ blobs, stores, uploads }),
      endpoints: { problems: () => [] },
      models: modelService({ blobs, reader, stores, uploads }),
      runs: {
        enqueue: async (_sql, id) => {
          enqueued.push(id);
        },
        async *changes() {},
      },
    },
  };
}

const plan = `version: 1
project: loans
data: { file: loans.csv }
columns: { decision: granted, positive: 1, protected: [sex] }
audits: { fairness.group-metrics: {} }
`;
const day = (date: number, time = "06:00") => new Date(`2026-12-${String(date).padStart(2, "0")}T${time}:00Z`);
let clock = day(1);
const look = (server = 0) =>
  runDue({
    ...starter(databases[server] ?? databases[0]),
    now: () => clock,
    onError: (error) => errors.push(error),
  });
const lookAt = async (at: Date) => {
  clock = at;
  await look();
  return (await stores().schedules.get(schedule)).last;
};
const stores = () => databases[0].stores;

async function upload(digit: string, columns: readonly string[] = ["sex", "granted"]): Promise<void> {
  await stores().datasets.add({
    ...{ project, name: "loans", fileName: "loans.csv", digest: `sha256:${digit.repeat(64)}`, sizeBytes: 9, rows: 9 },
    ...{ format: "csv", encoding: "utf-8", warnings: [], reading: { counts: false, delimiter: null, header: [] } },
    columns: columns.map((name) => ({
      ...{ name, type: "text", distinct: 2, missing: 0, min: null, max: null },
      top: [
        { value: "1", count: 5 },
        { value: "0", count: 4 },
      ],
    })),
  });
}

/** Ends a run as a worker does. */
async function finish(runId: string, verdict: RunVerdict): Promise<void> {
  const work = await stores().work.take(runId, "worker");
  await stores().work.complete(runId, work?.attempt ?? 0, {
    report: { digest: `sha256:${"0".repeat(64)}`, json: "{}" },
    ...{ verdict, counts: { fail: 0, indeterminate: 0, pass: 0, info: 0 }, artifacts: [] },
  });
}

beforeEach(async () => {
  [enqueued, told, errors] = [[], [], []];
  clock = day(1, "05:00");
  for (const one of await stores().projects.list(home)) await stores().projects.remove(home, one.id);
  project = (await stores().projects.create(home, "Loans")).id;
  await upload("1");
  const row = await stores().schedules.create(project, {
    ...{ name: "daily", planYaml: plan, dataset: "loans", cron: "0 6 * * *", timeZone: "UTC" },
    ...{ runUnchanged: false, notify: true, enabled: true, nextAt: day(1) },
  });
  schedule = row.id;
});

it("makes one run of a due time, whichever of two servers looks, and none before", async () => {
  expect(await lookAt(day(1, "05:59"))).toBeNull();
  clock = day(1);
  await Promise.all([look(0), look(1), look(0), look(1)]);
  const row = await stores().schedules.get(schedule);
  expect(row).toMatchObject({ last: { outcome: "run" }, lastRun: { number: 1 }, nextAt: day(2).toISOString() });
  expect(enqueued).toEqual([row.lastRun?.id]);
  expect((await stores().runs.list(project, { schedule })).total).toBe(1);
});

it("makes up one run after the server was away, and goes on with the next time", async () => {
  expect(await lookAt(day(9, "11:00"))).toMatchObject({ outcome: "run", dueAt: day(1).toISOString() });
  expect((await stores().runs.list(project, { schedule })).total).toBe(1);
  expect((await stores().schedules.get(schedule)).nextAt).toBe(day(10).toISOString());
});

it("takes up a due time that a server left half done, with the same run", async () => {
  const { scheduleWork, schedules } = stores();
  // A server makes the run and ends before it has settled the time.
  const claim = scheduleWork.claim.bind(scheduleWork);
  clock = day(1);
  const broken = {
    ...stores(),
    scheduleWork: { ...scheduleWork, claim, settle: () => Promise.reject(new Error("gone")) },
  };
  const half = { ...starter(databases[0]), stores: broken, now: () => clock, onError: () => {} };
  await expect(runDue(half)).rejects.toThrow("gone");
  expect((await schedules.get(schedule)).last).toBeNull();
  expect(await lookAt(day(1, "06:05"))).toBeNull();
  expect(await lookAt(day(1, "06:11"))).toMatchObject({ outcome: "run", run: { number: 1 } });
  expect((await stores().runs.list(project, { schedule })).total).toBe(1);
});

it("runs on new data alone, unless it shall run anyway", async () => {
  const first = await lookAt(day(1));
  // The last run still waits: the new one waits for the next time.
  expect(await lookAt(day(2))).toMatchObject({ outcome: "busy", run: null });
  await finish(first?.run?.id ?? "", "pass");
  expect(await lookAt(day(3))).toMatchObject({ outcome: "unchanged" });
  await upload("2");
  const grown = await lookAt(day(4));
  expect(grown).toMatchObject({ outcome: "run", run: { number: 2 } });
  await finish(grown?.run?.id ?? "", "pass");
  expect(await lookAt(day(5))).toMatchObject({ outcome: "unchanged" });
  await stores().schedules.update(schedule, { planYaml: `${plan}seed: 2\n` });
  const edited = await lookAt(day(6));
  expect(edited).toMatchObject({ outcome: "run", run: { number: 3 } });
  // One that was not completed is tried again on the same data.
  await stores().runs.cancel(edited?.run?.id ?? "");
  const again = await lookAt(day(7));
  expect(again).toMatchObject({ outcome: "run", run: { number: 4 } });
  await finish(again?.run?.id ?? "", "pass");
  await stores().schedules.update(schedule, { runUnchanged: true });
  expect(await lookAt(day(8))).toMatchObject({ outcome: "run", run: { number: 5 } });
  expect(errors).toEqual([]);
});

it("keeps why no run could be made, and tries the next time again", async () => {
  await upload("2", ["sex", "approved"]);
  const failed = await lookAt(day(1));
  expect(failed).toMatchObject({ outcome: "failed", run: null, error: { code: "plan-invalid" } });
  expect(failed?.error?.problems[0]).toMatchObject({ at: "columns.decision", line: expect.any(Number) });
  expect((await stores().schedules.get(schedule)).nextAt).toBe(day(2).toISOString());
  for (const { id } of await stores().datasets.list(project)) await stores().datasets.remove(id);
  expect((await lookAt(day(2)))?.error).toMatchObject({ code: "not-found" });
  await upload("3");
  expect(await lookAt(day(3))).toMatchObject({ outcome: "run", run: { number: 1 } });
  expect((await stores().schedules.ticks(schedule, 9)).map(({ outcome }) => outcome)).toEqual([
    "run",
    "failed",
    "failed",
  ]);
});

it("tells of failed checks each time, of an error once while it stays the same, and of nothing else", async () => {
  await stores().feedbackForms.ensure(
    project,
    FeedbackForm.parse({
      ...{ title: { en: "", "zh-CN": "" }, intro: { en: "", "zh-CN": "" }, privacy: { en: "", "zh-CN": "" } },
      ...{ contact: "", decisions: [], groups: [], origins: [], retentionDays: null },
      notify: { email: "a@example.org", webhook: null },
    }),
  );
  const tell = async (at: Date, verdict?: RunVerdict) => {
    const tick = await lookAt(at);
    if (tick?.run && verdict) await finish(tick.run.id, verdict);
    told = [];
    for (const { stores } of databases) {
      await tellEnded(stores, {
        enqueue: async (_sql, form, subject) => {
          expect(form.settings.notify.email).toBe("a@example.org");
          told.push(subject);
        },
      });
    }
    return told;
  };
  await stores().schedules.update(schedule, { runUnchanged: true });
  expect(await tell(day(1), "pass")).toEqual([]);
  expect(await tell(day(2), "fail")).toEqual([{ scheduleId: schedule, dueAt: day(2).toISOString() }]);
  expect(await tell(day(3), "fail")).toHaveLength(1);
  expect(await tell(day(4), "indeterminate")).toEqual([]);
  await upload("2", ["sex", "approved"]);
  expect(await tell(day(5))).toHaveLength(1);
  expect(await tell(day(6))).toEqual([]);
  await upload("3");
  expect(await tell(day(7), "pass")).toEqual([]);
  await upload("4", ["sex", "approved"]);
  expect(await tell(day(8))).toHaveLength(1);
  await stores().schedules.update(schedule, { notify: false });
  await upload("5");
  expect(await tell(day(9), "fail")).toEqual([]);
});
