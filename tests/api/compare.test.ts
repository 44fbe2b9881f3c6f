import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type Answer, ServerProcess } from "../server-process.ts";

// Runs wait for a worker process; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 120_000 });

/** ProPublica's table of COMPAS, and the same with false alarms as rare among Black defendants as among white ones. */
const then = `race,label,decision,count
Black,0,0,990
Black,0,1,805
Black,1,0,532
Black,1,1,1369
white,0,0,1139
white,0,1,349
white,1,0,461
white,1,1,505
`;
const now = then.replace("Black,0,0,990", "Black,0,0,1374").replace("Black,0,1,805", "Black,0,1,421");
const plan = `version: 1
project: compas
data: { counts: counts.csv }
columns:
  label: label
  positive: 1
  decision: decision
  protected: [race]
audits:
  fairness.group-metrics: {}
rules:
  - { metric: false-positive-rate-difference, by: race, at_most: 0.1 }
`;

let server: ServerProcess;
let first: Answer;
let second: Answer;
let elsewhere: Answer;

async function run(project: string, bytes: string): Promise<Answer> {
  const dataset = await server.dataset(project, "counts.csv", bytes, { counts: true });
  const { id } = await server.call("POST", `/projects/${project}/runs`, { dataset: dataset.id, plan });
  return server.waitFor(id, ["completed", "failed"]);
}

beforeAll(async () => {
  server = await ServerProcess.start();
  await server.call("POST", "/projects", { name: "Credit" });
  await server.call("POST", "/projects", { name: "Other" });
  first = await run("credit", then);
  second = await run("credit", now);
  elsewhere = await run("other", then);
}, 240_000);
afterAll(async () => {
  await server?.stop();
});

describe("two runs", () => {
  it("are compared number by number, by the intervals of their reports", async () => {
    const comparison = await server.call("GET", `/runs/${first.id}/compare/${second.id}`);
    expect(comparison).toMatchObject({
      format: "assay.comparison",
      a: { name: `#${first.number}`, data: first.dataset.digest },
      b: { name: `#${second.number}`, data: second.dataset.digest },
      pairing: { kind: "none" },
      confidence: 0.9,
      verdict: "mixed",
    });
    const rate = comparison.measures.find(
      (one: Answer) => one.metric === "false-positive-rate" && one.group?.race === "Black",
    );
    expect(rate).toMatchObject({ verdict: "improved", audit: "fairness.group-metrics" });
    expect(rate.difference).toBeCloseTo((421 - 805) / 1795, 12);
    expect([rate.low, rate.high]).toEqual([rate.b.low - rate.a.high, rate.b.high - rate.a.low]);
    const misses = comparison.measures.find(
      (one: Answer) => one.metric === "false-negative-rate" && one.group?.race === "Black",
    );
    expect(misses).toMatchObject({ difference: 0, verdict: "no-evidence" });
    const gate = comparison.findings.find((one: Answer) => one.id === "gate");
    expect(gate.text.en).toContain("from fail to pass");
  });

  it("the other way round differ by as much, better where they were worse", async () => {
    const there = await server.call("GET", `/runs/${first.id}/compare/${second.id}`);
    const back = await server.call("GET", `/runs/${second.id}/compare/${first.id}`);
    expect(back.measures.map((one: Answer) => one.difference && -one.difference)).toEqual(
      there.measures.map((one: Answer) => one.difference),
    );
    const other: Record<string, string> = { improved: "regressed", regressed: "improved" };
    expect(back.measures.map(({ verdict }: Answer) => verdict)).toEqual(
      there.measures.map(({ verdict }: Answer) => other[verdict] ?? verdict),
    );
  });

  it("of which one is the other are the same", async () => {
    expect(await server.call("GET", `/runs/${first.id}/compare/${first.id}`)).toMatchObject({ verdict: "same" });
  });

  it("of two projects, without a report, or that are not there are refused with the reason", async () => {
    const crossed = await server.fetch("GET", `/runs/${first.id}/compare/${elsewhere.id}`);
    expect(crossed.status).toBe(409);
    expect((await crossed.json()).message).toMatch(/project "Credit".*"Other": choose two runs of one project/);
    const none = await server.fetch("GET", `/runs/${first.id}/compare/nobody`);
    expect(none.status).toBe(404);

    const dataset = await server.dataset("credit", "bad.csv", "race,label,decision\nBlack,0,1\n");
    const { id } = await server.call("POST", "/projects/credit/runs", {
      dataset: dataset.id,
      plan: plan.replace("counts: counts.csv", "file: bad.csv, where: \"race = 'nobody'\""),
    });
    const failed = await server.waitFor(id, ["completed", "failed"]);
    expect(failed.status).toBe("failed");
    const unfinished = await server.fetch("GET", `/runs/${first.id}/compare/${id}`);
    expect(unfinished.status).toBe(409);
    expect((await unfinished.json()).message).toBe(
      `run ${failed.number} is failed and has no report: only completed runs are compared`,
    );
  });

  it("are told to nobody without an account", async () => {
    const response = await fetch(`${server.url}/api/v1/runs/${first.id}/compare/${second.id}`);
    expect(response.status).toBe(401);
  });
});
