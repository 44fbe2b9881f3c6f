import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Assay } from "@assay/sdk";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { assay } from "../cli/assay.ts";
import { type Answer, apiKey, ServerProcess } from "../server-process.ts";

// Runs wait for a worker process; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 120_000 });

/** 900 people; scores of group b are lower at the same chance of repaying. */
const rows = Array.from({ length: 900 }, (_, index) => {
  const group = index % 3 === 0 ? "b" : "a";
  const level = (index * 37) % 100;
  const label = level + ((index * 53) % 41) > 70 ? 1 : 0;
  const score = ((level - (group === "b" ? 15 : 0) + 20) / 120).toFixed(3);
  return `${group},${index % 2 === 0 ? "f" : "m"},${score},${Number(score) >= 0.6 ? 1 : 0},${label},${level}`;
});
const csv = `group,sex,score,granted,repaid,level\n${rows.join("\n")}\n`;
const plan = `version: 1
project: loans
data: { file: loans.csv }
columns:
  label: repaid
  decision: granted
  score: score
  protected: [group, sex]
  features: [level]
audits:
  fairness.group-metrics: { replicates: 300 }
rules:
  - { metric: selection-rate-difference, by: group, at_most: 0.05 }
seed: 3
`;

let server: ServerProcess;
let folder: string;
let audited: Answer;
let thresholds: Answer;

async function mitigate(settings: object): Promise<Answer> {
  const { id } = await server.call("POST", "/projects/credit/mitigations", {
    run: audited.id,
    replicates: 199,
    frontier: 3,
    ...settings,
  });
  return server.waitFor(id, ["completed", "failed"]);
}
const refusal = async (path: string, body: object): Promise<[number, Answer]> => {
  const response = await server.fetch("POST", path, body);
  return [response.status, await response.json()];
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "assay-mitigations-"));
  server = await ServerProcess.start();
  await server.call("POST", "/projects", { name: "Credit" });
  await server.call("POST", "/projects", { name: "Other" });
  const dataset = await server.dataset("credit", "loans.csv", csv);
  const { id } = await server.call("POST", "/projects/credit/runs", { dataset: dataset.id, plan });
  audited = await server.waitFor(id, ["completed", "failed"]);
  expect(audited).toMatchObject({ status: "completed", error: null, source: null });
  thresholds = await mitigate({
    method: "threshold",
    by: ["group"],
    constraint: "demographic-parity",
    tolerance: 0.02,
  });
}, 240_000);
afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe("a mitigation of a run", () => {
  it("says beforehand what the plan's columns allow, and why not", async () => {
    const options = await server.call("GET", `/runs/${audited.id}/mitigation`);
    expect(options).toMatchObject({
      run: { number: audited.number },
      reason: null,
      by: ["group", "sex"],
      endpoint: false,
    });
    expect(options.methods.map(({ method, reason }: Answer) => [method, reason])).toEqual(
      ["reduce", "repair", "resample", "reweigh", "threshold"].map((method) => [method, null]),
    );
    expect(options.methods.at(-1).files).toEqual(["thresholds.json", "model.onnx", "decisions.csv"]);

    const bare = plan.replace("  score: score\n", "").replace("  features: [level]\n", "");
    const { id } = await server.call("POST", "/projects/credit/runs", { dataset: audited.dataset.id, plan: bare });
    await server.waitFor(id, ["completed"]);
    const { methods } = await server.call("GET", `/runs/${id}/mitigation`);
    const why = Object.fromEntries(methods.map(({ method, reason }: Answer) => [method, reason]));
    expect(why.threshold.en).toMatch(/needs a score/);
    expect(why.reweigh).toEqual({
      en: "it learns anew from features: name columns.features",
      "zh-CN": "需要由特征重新学习：请指定 columns.features",
    });
  });

  it("is a run of its own, whose report is that of `assay mitigate` to the bit, with the same files", async () => {
    expect(thresholds).toMatchObject({
      status: "completed",
      source: { id: audited.id, number: audited.number },
      dataset: { id: audited.dataset.id },
      verdict: "none",
    });
    writeFileSync(join(folder, "loans.csv"), csv);
    const settings = "fairness.mitigation: { replicates: 199, frontier: 3 }";
    writeFileSync(join(folder, "audit.yaml"), plan.replace("audits:\n", `audits:\n  ${settings}\n`));
    const { code, stderr } = await assay(
      ["mitigate", "audit.yaml", "--method", "threshold", "--by", "group", "--tolerance", "0.02", "--out", "out"],
      { cwd: folder },
    );
    expect([code, stderr]).toEqual([0, expect.any(String)]);
    const here = JSON.parse(readFileSync(join(folder, "out", "before-after.json"), "utf8"));
    const there = await server.call("GET", `/runs/${thresholds.id}/report`);
    expect(there.plan.audits["fairness.mitigation"]).toEqual({ ...here.plan.audits["fairness.mitigation"] });
    expect(there.digest).toBe(here.digest);
    for (const name of ["thresholds.json", "model.onnx", "decisions.csv"]) {
      const file = await server.fetch("GET", `/runs/${thresholds.id}/artifacts/${name}`);
      expect(Buffer.from(await file.arrayBuffer()).equals(readFileSync(join(folder, "out", name))), name).toBe(true);
    }
    const gap = there.audits[0].measures.find(
      (one: Answer) =>
        one.metric === "demographic-parity-difference" && one.split === "train" && one.version === "after",
    );
    expect(gap.value).toBeLessThanOrEqual(0.02 + 1e-9);
  });

  it("is listed with the run that it answers; one of a mitigation answers the same, and so does running it again", async () => {
    const second = await server.call("POST", "/projects/credit/mitigations", {
      run: thresholds.id,
      method: "reweigh",
      by: ["sex"],
      frontier: 0,
      replicates: 199,
    });
    const again = await server.call("POST", `/runs/${thresholds.id}/again`);
    for (const { id } of [second, again]) await server.waitFor(id, ["completed"]);
    const { items, total } = await server.call("GET", `/projects/credit/runs?source=${audited.id}`);
    expect(total).toBe(3);
    expect(items.map((run: Answer) => run.source.number)).toEqual([audited.number, audited.number, audited.number]);
    const report = await server.call("GET", `/runs/${second.id}/report`);
    expect(report.plan).toMatchObject({
      seed: 3,
      rules: [],
      audits: { "fairness.mitigation": { method: "reweigh", by: ["sex"] } },
    });
    expect(report.audits[0].artifacts.map(({ name }: Answer) => name).sort()).toEqual([
      "decisions.csv",
      "model.onnx",
      "weights.csv",
    ]);
  });

  it("is refused before any work where its settings cannot be, each with its place", async () => {
    const path = "/projects/credit/mitigations";
    const [status, wrong] = await refusal(path, { run: audited.id, method: "threshold", by: ["grup"] });
    expect([status, wrong.code]).toEqual([422, "plan-invalid"]);
    expect(wrong.problems).toEqual([
      {
        at: "audits.fairness.mitigation.by",
        message: '"grup" is not a protected column; did you mean "group"?',
      },
    ]);
    const [, unknown] = await refusal(path, {
      run: audited.id,
      method: "reduce",
      constraint: "true-positive-rate-parity",
    });
    expect(unknown.message).toMatch(/reduce knows demographic-parity and equalized-odds/);
    expect((await refusal(path, { run: audited.id, method: "magic" }))[0]).toBe(400);
    expect((await refusal(path, { run: audited.id, method: "threshold", tolerance: 2 }))[0]).toBe(400);
    expect((await refusal("/projects/other/mitigations", { run: audited.id, method: "threshold" }))[0]).toBe(404);
    const report = await server.call("GET", `/runs/${audited.id}/report`);
    const pushed = await server.call("POST", "/projects/credit/reports", { report });
    const [conflict, why] = await refusal(path, { run: pushed.id, method: "threshold" });
    expect([conflict, why.message]).toEqual([409, expect.stringMatching(/computed elsewhere and pushed/)]);
    expect((await server.call("GET", `/runs/${pushed.id}/mitigation`)).reason["zh-CN"]).toMatch(/推送/);
  });

  it("is told to nobody without an account", async () => {
    for (const [method, path] of [
      ["POST", "/projects/credit/mitigations"],
      ["GET", `/runs/${audited.id}/mitigation`],
      ["POST", `/runs/${thresholds.id}/models`],
      ["GET", `/runs/${thresholds.id}/models`],
    ] as const) {
      const response = await server.fetch(method, path, method === "POST" ? {} : undefined, null);
      expect(response.status, `${method} ${path}`).toBe(401);
    }
  });
});

describe("the model of a mitigation", () => {
  it("is kept as a version by one call, says which run made it of which data, and can be audited like any other", async () => {
    expect(await server.call("GET", `/runs/${thresholds.id}/models`)).toEqual([]);
    const version = await server.call("POST", `/runs/${thresholds.id}/models`, {});
    expect(version).toMatchObject({
      model: { name: "loans mitigated" },
      number: 1,
      fileName: `credit-${thresholds.number}-model.onnx`,
      madeBy: { id: thresholds.id, number: thresholds.number },
      trainedOn: { id: audited.dataset.id },
    });
    expect((await server.call("POST", `/runs/${thresholds.id}/models`, {})).id).toBe(version.id);
    expect((await server.call("GET", `/runs/${thresholds.id}/models`)).map(({ id }: Answer) => id)).toEqual([
      version.id,
    ]);

    const asking = plan
      .replace("  decision: granted\n  score: score\n", "")
      .replace("  features: [level]", "  features: [score, group]")
      .replace("audits:", `model: { file: ${version.fileName} }\naudits:`);
    const { id } = await server.call("POST", "/projects/credit/runs", { dataset: audited.dataset.id, plan: asking });
    expect(await server.waitFor(id, ["completed", "failed"])).toMatchObject({ status: "completed", error: null });

    // The run goes, the version stays.
    await server.call("DELETE", `/runs/${thresholds.id}`);
    expect(await server.call("GET", `/model-versions/${version.id}`)).toMatchObject({ madeBy: null, number: 1 });
  });

  it("is refused of a run that has no such file", async () => {
    const [status, body] = await refusal(`/runs/${audited.id}/models`, {});
    expect([status, body.message]).toEqual([404, 'the run has no file "model.onnx"']);
  });

  it("comes to the SDK: options, a run to watch, its files, a version", async () => {
    const project = await new Assay({ url: server.url, apiKey }).projects.get("credit");
    expect((await project.mitigations.options(audited.id)).by).toEqual(["group", "sex"]);
    const run = await project.mitigations.create({
      run: audited.id,
      method: "reduce",
      by: ["group"],
      tolerance: 0.05,
      frontier: 0,
      replicates: 199,
    });
    for await (const _ of run.watch());
    expect((await run.refresh()).status).toBe("completed");
    const version = await project.models.register(run, { name: "fair" });
    expect(version).toMatchObject({ model: { name: "fair" }, madeBy: { id: run.id } });
    expect((await run.file("model.onnx")).byteLength).toBe(version.sizeBytes);
  });
});
