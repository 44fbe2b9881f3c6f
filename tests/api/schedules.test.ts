import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Assay } from "@assay/sdk";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { growingLoans, growingPlan } from "../growing-loans.ts";
import { changeDatabase } from "../server-database.ts";
import { type Answer, apiKey, ServerProcess } from "../server-process.ts";
import { startReceiver } from "../webhook-receiver.ts";

// Runs wait for a worker process; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 120_000 });

let server: ServerProcess;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
let schedule: Answer;

beforeAll(async () => {
  receiver = await startReceiver(0);
  server = await ServerProcess.start({ env: { ASSAY_WEBHOOKS: receiver.origin } });
  await server.call("POST", "/projects", { name: "Loans" });
  await server.dataset("loans", "loans.csv", growingLoans(["november"]));
}, 120_000);
afterAll(async () => {
  await server.stop();
  await receiver.close();
});

const wanted = {
  name: "every day",
  plan: growingPlan,
  dataset: "loans.csv",
  cron: "0 6 * * *",
  timeZone: "Europe/Berlin",
};
const refused = async (body: Answer, path = "/projects/loans/schedules", method = "POST") => {
  const response = await server.fetch(method, path, body);
  return { status: response.status, ...((await response.json()) as Answer) };
};

async function until<Value>(ask: () => Promise<Value | null>): Promise<Value> {
  for (const end = Date.now() + 60_000; ; ) {
    const found = await ask();
    if (found !== null) return found;
    if (Date.now() > end) throw new Error("it did not come about in time");
    await new Promise((wake) => setTimeout(wake, 250));
  }
}

it("previews the next five times, or says in both languages what is wrong with them", async () => {
  const ask = (cron: string, timeZone: string) =>
    server.call("GET", `/schedule-times?${new URLSearchParams({ cron, timeZone })}`);
  const { times, problems } = await ask("0 6 * * *", "Asia/Shanghai");
  expect(problems).toEqual([]);
  expect(times).toHaveLength(5);
  for (const time of times) expect(time).toMatch(/T22:00:00\.000Z$/);
  expect(Date.parse(times[0])).toBeGreaterThan(Date.now());
  const wrong = await ask("61 * * * *", "Mars/Olympus");
  expect(wrong.times).toEqual([]);
  expect(wrong.problems.map(({ at }: Answer) => at)).toEqual(["cron", "timeZone"]);
  expect(wrong.problems[0].message["zh-CN"]).toMatch(/^分钟：/);
});

it("refuses what could not run: times, data, a plan that does not fit, a name that is taken", async () => {
  expect(await refused({ ...wanted, cron: "* * * * *" })).toMatchObject({
    ...{ status: 400, code: "usage" },
    problems: [{ at: "cron", message: expect.stringMatching(/every 5 minutes/) }],
  });
  expect(await refused({ ...wanted, dataset: "nothing.csv" })).toMatchObject({
    ...{ status: 404, message: expect.stringMatching(/no dataset of this project is named "nothing.csv"/) },
  });
  const other = growingPlan.replace("granted", "approved");
  expect(await refused({ ...wanted, plan: other })).toMatchObject({
    status: 422,
    problems: [{ at: "columns.decision", line: expect.any(Number) }],
  });
  schedule = await server.call("POST", "/projects/loans/schedules", wanted);
  expect(schedule).toMatchObject({
    ...{ name: "every day", dataset: "loans.csv", runUnchanged: false, notify: true, enabled: true, last: null },
    nextAt: expect.stringMatching(/T0[45]:00:00\.000Z$/),
  });
  expect(await refused(wanted)).toMatchObject({ status: 409, code: "already-exists" });
  const path = `/schedules/${schedule.id}`;
  expect(await refused({ cron: "0 6 31 2 *" }, path, "PATCH")).toMatchObject({ status: 400 });
  expect(await refused({ plan: other }, path, "PATCH")).toMatchObject({ status: 422 });
  expect(await server.call("GET", path)).toEqual(schedule);
  expect((await server.fetch("GET", path, undefined, null)).status).toBe(401);
});

it("runs now, once for a key, and the run says which schedule it is of", async () => {
  const path = `/schedules/${schedule.id}/run`;
  const [run, same] = [
    await server.call("POST", path, { idempotencyKey: "a" }),
    await server.call("POST", path, { idempotencyKey: "a" }),
  ];
  expect(same.id).toBe(run.id);
  expect(run.schedule).toEqual({ id: schedule.id, name: "every day" });
  const ended = await server.waitFor(run.id, ["completed"]);
  // No row comes after the baseline yet.
  expect(ended.verdict).toBe("indeterminate");
  const { items, total } = await server.call("GET", `/projects/loans/runs?schedule=${schedule.id}`);
  expect([total, items[0].id]).toEqual([1, run.id]);
  expect(await server.call("GET", `/schedules/${schedule.id}/history`)).toMatchObject([
    { outcome: "run", run: { number: 1 }, drift: { alarms: null, gap: null } },
  ]);
});

it("runs by itself on data that have grown, tells of a failed check by webhook, and of drift in its history", async () => {
  const form = await server.call("GET", "/projects/loans/feedback/form");
  const notify = { email: null, webhook: `${receiver.origin}/hook` };
  await server.call("PATCH", "/projects/loans/feedback/form", { settings: { ...form.settings, notify } });
  await server.dataset("loans", "loans.csv", growingLoans(["november", "december"]));
  const due = new Date();
  await changeDatabase(server.folder, 'UPDATE "schedule" SET "nextAt" = $1 WHERE id = $2', [due, schedule.id]);
  const [newest] = await until(async () => {
    const history = await server.call("GET", `/schedules/${schedule.id}/history`);
    const made = history.find(({ run }: Answer) => run?.verdict === "fail");
    return made === undefined ? null : [made];
  });
  expect(newest).toMatchObject({
    dueAt: due.toISOString(),
    outcome: "run",
    run: { number: 2, dataset: { rows: 800 } },
  });
  expect(newest.drift.alarms).toBeGreaterThan(0);
  const { gap } = newest.drift;
  // Women fell from 75 % to 25 %, men stayed: a change of −50 points.
  expect(gap).toMatchObject({ metric: "selection-rate", column: "sex", confidence: 0.95 });
  expect(Math.abs(gap.value)).toBeCloseTo(0.5, 10);
  expect(gap.low).toBeLessThan(gap.value);
  expect(gap.high).toBeGreaterThan(gap.value);
  expect(gap.p).toBeLessThan(0.001);
  const after = await server.call("GET", `/schedules/${schedule.id}`);
  expect(after.nextAt).toBe(schedule.nextAt);
  await until(async () => (receiver.got.length > 0 ? true : null));
  expect(receiver.got.map(({ body }) => JSON.parse(body))).toEqual([
    {
      event: "schedule.check-failed",
      project: { id: form.project.id, slug: "loans", name: "Loans" },
      schedule: { id: schedule.id, name: "every day" },
      dueAt: due.toISOString(),
      run: { id: newest.run.id, number: 2 },
      error: null,
      url: `${server.url}/projects/loans/runs/2`,
    },
  ]);
  expect(receiver.got[0]?.headers["x-assay-signature"]).toMatch(/^t=\d+,v1=[0-9a-f]{64}$/);
  await until(async () => {
    const [told] = await server.call("GET", `/schedules/${schedule.id}/history`);
    return told.notice === "webhook" ? true : null;
  });
});

it("is made, changed, paused and removed by the SDK under the same names", async () => {
  const folder = await mkdtemp(join(tmpdir(), "assay-schedules-"));
  try {
    await writeFile(join(folder, "audit.yaml"), growingPlan.replace("loans.csv", "data/loans.csv"));
    const { schedules } = await new Assay({ url: server.url, apiKey }).projects.get("loans");
    const row = await schedules.create({ plan: "audit.yaml", folder, name: "mondays", cron: "0 6 * * MON" });
    expect(row).toMatchObject({ dataset: "loans.csv", timeZone: "UTC" });
    expect((await schedules.list()).map(({ name }) => name)).toEqual(["every day", "mondays"]);
    const paused = await schedules.update(row.id, { enabled: false, runUnchanged: true });
    expect(paused).toMatchObject({ enabled: false, nextAt: null, runUnchanged: true, cron: "0 6 * * MON" });
    expect((await schedules.update(row.id, { enabled: true })).nextAt).toBe(row.nextAt);
    expect((await schedules.preview({ cron: "0 6 * * MON" })).times[0]).toBe(row.nextAt);
    const run = await schedules.runNow(row.id);
    expect(run.row.schedule).toEqual({ id: row.id, name: "mondays" });
    expect(await schedules.history(row.id, { most: 1 })).toHaveLength(1);
    await schedules.remove(row.id);
    await expect(schedules.get(row.id)).rejects.toMatchObject({ code: "not-found" });
    expect((await run.refresh()).schedule).toBeNull();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

it("stands in the OpenAPI document", async () => {
  const { paths } = await server.call("GET", "/openapi.json");
  const calls = Object.entries<object>(paths).flatMap(([path, item]) =>
    path.includes("schedule") ? Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`) : [],
  );
  expect(calls.sort()).toEqual([
    "DELETE /schedules/{id}",
    "GET /projects/{project}/schedules",
    "GET /schedule-times",
    "GET /schedules/{id}",
    "GET /schedules/{id}/history",
    "PATCH /schedules/{id}",
    "POST /projects/{project}/schedules",
    "POST /schedules/{id}/run",
  ]);
});
