import { afterAll, beforeAll, expect, it } from "vitest";
import { smallPipeline } from "../../packages/models/src/onnx/small-models.testing.ts";
import { type Answer, ServerProcess } from "../server-process.ts";

const steps = 64;
const plan = `version: 1
data: { file: rows.csv }
columns: { label: label, positive: 1, decision: decision, protected: [group] }
audits:
  fairness.group-metrics: { replicates: 1000 }
`;
const csv = `group,label,decision\n${Array.from({ length: 6400 }, (_, i) => `${"abc"[i % 3]},${i % 2},${Math.floor(i / 5) % 2}`).join("\n")}\n`;

let server: ServerProcess;
beforeAll(async () => {
  server = await ServerProcess.start();
  await server.call("POST", "/projects", { name: "Faults" });
}, 120_000);
afterAll(async () => {
  await server.stop();
});

interface StepLog {
  readonly id: string;
  readonly attempt: number;
  readonly worker: string;
  readonly finishedAt: string | null;
}
const logOf = (id: string): Promise<StepLog[]> => server.call("GET", `/runs/${id}/steps`);
const finishedOf = (log: readonly StepLog[]) => log.filter((step) => step.finishedAt !== null);

/** Starts a run of 64 steps and kills its worker with -9 once 20 of them are finished; the steps finished by then. */
async function killAfter20(rows = csv, planYaml = plan): Promise<{ run: Answer; before: readonly StepLog[] }> {
  const dataset = await server.dataset("faults", "rows.csv", rows);
  const run = await server.call("POST", "/projects/faults/runs", {
    dataset: dataset.id,
    plan: planYaml,
    shards: steps,
  });
  for (;;) {
    const log = await logOf(run.id);
    if (finishedOf(log).length < 20) continue;
    process.kill(Number(log[0]?.worker.split(":").at(-1)), "SIGKILL");
    return { run, before: finishedOf(log) };
  }
}

/** Every step finished exactly once, and none that was finished before the crash was begun again. */
async function expectOnce(id: string, before: readonly StepLog[]): Promise<void> {
  const log = await logOf(id);
  expect(new Set(finishedOf(log).map((step) => step.id)).size).toBe(steps);
  expect(finishedOf(log)).toHaveLength(steps);
  for (const step of before) expect(log.filter((one) => one.id === step.id)).toHaveLength(1);
  const attempts = new Set(log.map((step) => step.attempt));
  expect(attempts.size).toBe(2);
}

it("a run whose worker and server were killed finishes after the restart, with one report and no step run twice", async () => {
  const { run, before } = await killAfter20();
  await server.kill();
  server = await ServerProcess.start({ folder: server.folder });
  const finished = await server.waitFor(run.id, ["completed", "failed", "cancelled"]);
  expect(finished).toMatchObject({ status: "completed", error: null, steps: { done: steps, total: steps } });
  expect(before.length).toBeGreaterThanOrEqual(20);
  expect(before.length).toBeLessThan(steps);
  await expectOnce(run.id, before);
  const { items } = await server.call("GET", "/projects/faults/runs");
  expect(items).toHaveLength(1);
  const crashed = await server.call("GET", `/runs/${run.id}/report`);

  // The same plan without a crash, on one shard: the same report to the bit.
  const whole = await server.call("POST", "/projects/faults/runs", { dataset: run.dataset.id, plan, shards: 1 });
  await server.waitFor(whole.id, ["completed"]);
  expect((await server.call("GET", `/runs/${whole.id}/report`)).digest).toBe(crashed.digest);
}, 180_000);

it("a run whose worker was killed is taken over by the next worker, the server staying up", async () => {
  const { run, before } = await killAfter20();
  const began = Date.now();
  const finished = await server.waitFor(run.id, ["completed", "failed", "cancelled"]);
  expect(finished.status).toBe("completed");
  expect(Date.now() - began).toBeLessThan(40_000);
  await expectOnce(run.id, before);
}, 120_000);

it("a run that asks a model is taken over: the model is asked again, and no step is run twice", async () => {
  const rows = `age,town,group,label\n${Array.from({ length: 6400 }, (_, i) => `${18 + (i % 60)},${["Bern", "Oslo"][i % 2]},${"abc"[i % 3]},${i % 5 < 2 ? "yes" : "no"}`).join("\n")}\n`;
  const asking = `version: 1
data: { file: rows.csv }
columns: { label: label, positive: "yes", protected: [group] }
model: { file: pipeline.onnx }
audits: { fairness.group-metrics: { replicates: 1000 } }
`;
  const upload = await server.upload("pipeline.onnx", smallPipeline());
  await server.call("POST", "/projects/faults/models", { upload, name: "scorecard" });
  const { run, before } = await killAfter20(rows, asking);
  expect(await server.waitFor(run.id, ["completed", "failed", "cancelled"], 90_000)).toMatchObject({
    status: "completed",
    error: null,
  });
  await expectOnce(run.id, before);
  const crashed = await server.call("GET", `/runs/${run.id}/report`);
  const whole = await server.call("POST", "/projects/faults/runs", {
    dataset: run.dataset.id,
    plan: asking,
    shards: 1,
  });
  await server.waitFor(whole.id, ["completed"], 90_000);
  expect((await server.call("GET", `/runs/${whole.id}/report`)).digest).toBe(crashed.digest);
}, 240_000);

it("a server asked to stop in the middle of a run goes on with it after the next start", async () => {
  const dataset = await server.dataset("faults", "rows.csv", csv);
  const run = await server.call("POST", "/projects/faults/runs", { dataset: dataset.id, plan, shards: 2000 });
  while (finishedOf(await logOf(run.id)).length < 20) await new Promise((wake) => setTimeout(wake, 5));
  expect(await server.stop({ keep: true })).toBe(0);
  server = await ServerProcess.start({ folder: server.folder });
  expect(await server.waitFor(run.id, ["completed", "failed", "cancelled"])).toMatchObject({ status: "completed" });
  expect(finishedOf(await logOf(run.id))).toHaveLength(2000);
}, 180_000);
