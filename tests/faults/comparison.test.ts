import { afterAll, beforeAll, expect, it } from "vitest";
import { type Answer, ServerProcess } from "../server-process.ts";

const groups = 6;
/** So many draws that they take a while, however fast the machine. */
const replicates = 12_000;
const table = (version: 1 | 2): string =>
  [
    "id,town,sex,label,decision",
    ...Array.from({ length: 4000 }, (_, row) => {
      const decision = (row * 7 + version * (row % 3)) % 5 < 2 ? 1 : 0;
      return `r${row},t${row % groups},${row % 2 === 0 ? "f" : "m"},${(row * 11) % 3 === 0 ? 1 : 0},${decision}`;
    }),
  ].join("\n");
const plan = `version: 1
data: { file: rows.csv }
columns: { id: id, label: label, decision: decision, protected: [town, sex] }
audits: { fairness.group-metrics: { replicates: 200 } }
`;

let server: ServerProcess;
let pair: { from: string; to: string };
beforeAll(async () => {
  server = await ServerProcess.start({ env: { ASSAY_WORKERS: "1" } });
  await server.call("POST", "/projects", { name: "Faults" });
  const run = async (version: 1 | 2): Promise<string> => {
    const dataset = await server.dataset("faults", "rows.csv", table(version));
    const { id } = await server.call("POST", "/projects/faults/runs", { dataset: dataset.id, plan });
    expect(await server.waitFor(id, ["completed", "failed"], 200_000)).toMatchObject({ status: "completed" });
    return id;
  };
  pair = { from: await run(1), to: await run(2) };
}, 240_000);
afterAll(async () => {
  await server.stop();
});

const find = (id: string): Promise<Answer> => server.call("GET", `/comparisons/${id}`);
const ended = (status: string): boolean => status !== "queued" && status !== "running";

/** Starts a comparison of many draws and waits until it is at work. */
async function underWay(seed: number, draws = replicates): Promise<string> {
  const { id } = await server.call("POST", "/projects/faults/comparisons", { ...pair, seed, replicates: draws });
  for (;;) {
    const { status } = await find(id);
    if (ended(status)) throw new Error(`the comparison was ${status} before anything could be done to it`);
    if (status === "running") return id;
    await new Promise((wake) => setTimeout(wake, 5));
  }
}
async function finished(id: string): Promise<Answer> {
  const until = Date.now() + 150_000;
  for (;;) {
    const found = await find(id);
    if (ended(found.status)) return found;
    if (Date.now() > until) throw new Error(`the comparison is still ${found.status}`);
    await new Promise((wake) => setTimeout(wake, 200));
  }
}

it("a comparison whose worker was killed is taken up again by the next, and gives the numbers of one that was not", async () => {
  // There is one worker, the one that worked on the run.
  const [step] = await server.call("GET", `/runs/${pair.to}/steps`);
  const id = await underWay(1);
  process.kill(Number(step.worker.split(":").at(-1)), "SIGKILL");
  const crashed = await finished(id);
  expect(crashed).toMatchObject({ status: "completed", error: null, rows: 4000 });
  // The same again, from the start.
  await server.call("DELETE", `/comparisons/${id}`);
  const whole = await server.call("POST", "/projects/faults/comparisons", { ...pair, seed: 1, replicates });
  expect((await finished(whole.id)).result).toEqual(crashed.result);
}, 400_000);

it("a comparison that is cancelled stops at once, keeps nothing, and leaves the worker free", async () => {
  // So many that it cannot be done before it is cancelled.
  const id = await underWay(2, 100_000);
  expect(await server.call("POST", `/comparisons/${id}/cancel`)).toMatchObject({ status: "cancelled", result: null });
  const small = await server.call("POST", "/projects/faults/comparisons", { ...pair, seed: 3, replicates: 200 });
  expect(await finished(small.id)).toMatchObject({ status: "completed" });
  expect(await find(id)).toMatchObject({ status: "cancelled", result: null, verdict: null });
  expect(await server.call("POST", `/comparisons/${id}/cancel`)).toMatchObject({ status: "cancelled" });
}, 400_000);
