import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { connect, type Database } from "./connect.ts";
import { type Cluster, startCluster } from "./embedded/index.ts";
import { migrate } from "./migrate.ts";
import type { ScheduleSettings, ScheduleTick } from "./schedule.ts";

let folder: string;
let cluster: Cluster;
/** Two servers on one database. */
let database: Database;
let other: Database;
let home: string;
let project: string;
let dataset: string;
let projects = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "assay-schedule-test-"));
  cluster = await startCluster(folder);
  await migrate(cluster.url);
  database = connect(cluster.url);
  other = connect(cluster.url);
  home = (await database.stores.organizations.home()).id;
}, 120_000);
afterAll(async () => {
  await database.close();
  await other.close();
  await cluster.stop();
  await rm(folder, { recursive: true, force: true });
});

const at = (time: string) => new Date(`2026-12-01T${time}:00Z`);
const settings: ScheduleSettings = {
  name: "every day",
  planYaml: "version: 1\n",
  dataset: "loans.csv",
  cron: "0 6 * * *",
  timeZone: "UTC",
  runUnchanged: false,
  notify: true,
  enabled: true,
  nextAt: at("06:00"),
};
const silent = async () => {};

beforeEach(async () => {
  const { stores } = database;
  for (const one of await stores.projects.list(home)) await stores.projects.remove(home, one.id);
  project = (await stores.projects.create(home, `P ${++projects}`)).id;
  dataset = await addDataset("loans.csv", "1");
});

async function addDataset(name: string, digit: string): Promise<string> {
  const row = await database.stores.datasets.add({
    ...{ project, name, fileName: "loans.csv", digest: `sha256:${digit.repeat(64)}`, sizeBytes: 4, rows: 1 },
    ...{ format: "csv", encoding: "utf-8", columns: [], warnings: [] },
    reading: { counts: false, delimiter: null, header: [] },
  });
  return row.id;
}

const startRun = (scheduleId: string, dueAt: Date, on: Database = database) =>
  on.stores.runs.create(
    {
      ...{ projectId: project, datasetId: dataset, planYaml: settings.planYaml, title: "loans", scheduleId },
      idempotencyKey: `schedule:${scheduleId}:${dueAt.toISOString()}`,
    },
    silent,
  );

it("is taken by one of the servers that look at once, and makes one run of a due time", async () => {
  const { id } = await database.stores.schedules.create(project, settings);
  const taken = await Promise.all(
    [database, other, database, other].map((one) => one.stores.scheduleWork.claim(at("06:00"), at("06:05"))),
  );
  const claims = taken.filter((one) => one !== null);
  expect(claims).toHaveLength(1);
  expect(claims[0]).toMatchObject({ id, projectId: project, dataset: "loans.csv", dueAt: at("06:00") });
  // Even were it given to both, the due time's key makes one run.
  const runs = await Promise.all([startRun(id, at("06:00")), startRun(id, at("06:00"), other)]);
  expect(new Set(runs.map((run) => run.id)).size).toBe(1);
  expect(runs[0]?.schedule).toEqual({ id, name: "every day" });
  const tick = { dueAt: at("06:00"), outcome: "run", runId: runs[0]?.id ?? "", error: null } as const;
  await Promise.all([
    database.stores.scheduleWork.settle(id, tick, new Date("2026-12-02T06:00:00Z")),
    other.stores.scheduleWork.settle(id, tick, new Date("2026-12-02T06:00:00Z")),
  ]);
  const row = await database.stores.schedules.get(id);
  expect(row).toMatchObject({ nextAt: "2026-12-02T06:00:00.000Z", last: { outcome: "run" }, lastRun: { number: 1 } });
  expect(await database.stores.schedules.ticks(id, 9)).toHaveLength(1);
  expect(await other.stores.scheduleWork.claim(at("07:00"), at("07:05"))).toBeNull();
});

it("is given to another server where the one that took it never settles it", async () => {
  await database.stores.schedules.create(project, settings);
  const { scheduleWork } = database.stores;
  expect(await scheduleWork.claim(at("05:59"), at("06:04"))).toBeNull();
  expect(await scheduleWork.claim(at("06:00"), at("06:05"))).not.toBeNull();
  expect(await other.stores.scheduleWork.claim(at("06:04"), at("06:09"))).toBeNull();
  expect(await other.stores.scheduleWork.claim(at("06:05"), at("06:10"))).toMatchObject({ dueAt: at("06:00") });
});

it("keeps the next time of somebody who changes it while its due time is worked on, and comes no more once paused", async () => {
  const { schedules, scheduleWork } = database.stores;
  const { id } = await schedules.create(project, settings);
  await scheduleWork.claim(at("06:00"), at("06:05"));
  await schedules.update(id, { cron: "0 9 * * *", nextAt: at("09:00") });
  await scheduleWork.settle(id, { dueAt: at("06:00"), outcome: "unchanged", runId: null, error: null }, at("18:00"));
  expect(await schedules.get(id)).toMatchObject({ nextAt: at("09:00").toISOString(), last: { outcome: "unchanged" } });
  await schedules.update(id, { enabled: false, nextAt: null });
  expect(await scheduleWork.claim(at("23:00"), at("23:05"))).toBeNull();
});

it("keeps every run and error, and of quiet times the newest", async () => {
  const { schedules } = database.stores;
  const { id } = await schedules.create(project, settings);
  const run = await startRun(id, at("06:00"));
  const quiet = { outcome: "unchanged", runId: null, error: null } as const;
  await schedules.record(id, { dueAt: at("06:00"), outcome: "run", runId: run.id, error: null });
  await schedules.record(id, { ...quiet, dueAt: at("07:00") });
  const error: ScheduleTick["error"] = {
    code: "plan-invalid",
    message: "no column",
    problems: [{ at: "columns.label", message: "gone" }],
  };
  await schedules.record(id, { dueAt: at("08:00"), outcome: "failed", runId: null, error });
  await schedules.record(id, { ...quiet, dueAt: at("09:00") });
  const ticks = await schedules.ticks(id, 9);
  expect(ticks.map(({ outcome }) => outcome)).toEqual(["unchanged", "failed", "run"]);
  expect(ticks[1]?.error).toEqual(error);
  expect(await schedules.lastRun(id)).toMatchObject({ id: run.id, status: "queued", datasetId: dataset });
  // Its runs outlive it, and what came of a time outlives its run.
  await database.stores.runs.remove(run.id);
  expect((await schedules.ticks(id, 9))[2]).toMatchObject({ outcome: "run", run: null });
  const kept = await startRun(id, at("10:00"));
  await schedules.remove(id);
  expect((await database.stores.runs.get(kept.id)).schedule).toBeNull();
  await expect(schedules.get(id)).rejects.toMatchObject({ code: "not-found" });
});

it("tells of an end once, whichever server looks, and knows the error before it", async () => {
  const { schedules, scheduleWork, runs } = database.stores;
  const { id } = await schedules.create(project, settings);
  const run = await startRun(id, at("06:00"));
  await schedules.record(id, { dueAt: at("06:00"), outcome: "run", runId: run.id, error: null });
  expect(await scheduleWork.ended(9)).toEqual([]);
  await runs.cancel(run.id);
  expect(await scheduleWork.ended(9)).toMatchObject([{ scheduleId: id, notify: true, run: { status: "cancelled" } }]);
  let told = 0;
  const tell = (on: Database) => on.stores.scheduleWork.tell(id, at("06:00"), async () => void told++);
  await Promise.all([tell(database), tell(other), tell(database)]);
  expect(told).toBe(1);
  expect(await scheduleWork.ended(9)).toEqual([]);
  const error = { code: "not-found", message: "no data", problems: [] } as const;
  await schedules.record(id, { dueAt: at("07:00"), outcome: "failed", runId: null, error });
  await schedules.record(id, { dueAt: at("08:00"), outcome: "busy", runId: null, error: null });
  expect(await scheduleWork.errorBefore(id, at("09:00"))).toEqual({ code: "not-found", message: "no data" });
  expect(await scheduleWork.errorBefore(id, at("07:00"))).toBeNull();
  await scheduleWork.note(id, at("07:00"), "webhook: sent");
  await scheduleWork.note(id, at("07:00"), "email: refused");
  expect((await schedules.ticks(id, 9))[1]?.notice).toBe("webhook: sent\nemail: refused");
});

it("finds the newest data of a name, and refuses a name that is taken", async () => {
  const { datasets, schedules } = database.stores;
  const newer = await addDataset("loans.csv", "2");
  await addDataset("others.csv", "3");
  expect((await datasets.findByName(project, "loans.csv"))?.id).toBe(newer);
  expect(await datasets.findByName(project, "nothing.csv")).toBeNull();
  await schedules.create(project, settings);
  await expect(schedules.create(project, settings)).rejects.toMatchObject({ code: "already-exists" });
  const { id } = await schedules.create(project, { ...settings, name: "another" });
  await expect(schedules.update(id, { name: "every day" })).rejects.toMatchObject({ code: "already-exists" });
  expect((await schedules.list(project)).map(({ name }) => name)).toEqual(["another", "every day"]);
  // A project goes with its schedules and their runs.
  await startRun(id, at("06:00"));
  await database.stores.projects.remove(home, project);
  await expect(schedules.get(id)).rejects.toMatchObject({ code: "not-found" });
});
