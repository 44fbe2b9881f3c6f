import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { audit } from "@assay/sdk";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { smallForRuntime, smallPipeline, smallTree } from "../../packages/models/src/onnx/small-models.testing.ts";
import { writeOnnx } from "../../packages/models/src/onnx/write/write-onnx.ts";
import { hasShared, shared } from "../paths.ts";
import { type Answer, ServerProcess } from "../server-process.ts";

// Runs wait for a worker process; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 120_000 });

let server: ServerProcess;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "assay-api-models-"));
  server = await ServerProcess.start();
  await server.call("POST", "/projects", { name: "Credit" });
}, 120_000);
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

/** People with what the pipeline of the tests takes, and the columns of its tree. */
function people(rows: number): string {
  const lines = ["age,town,sex,label,x0,x1"];
  for (let row = 0; row < rows; row++) {
    const draw = Math.imul(row + 1, 2654435761) >>> 0;
    const [age, town] = [18 + (draw % 60), ["Bern", "Oslo", "Rom"][(draw >>> 6) % 3]];
    lines.push(
      `${age},${town},${(draw >>> 9) % 2 ? "f" : "m"},${(draw >>> 12) % 2 ? "yes" : "no"},${((draw >>> 3) % 10) / 10},${(draw >>> 5) % 5}`,
    );
  }
  return `${lines.join("\n")}\n`;
}

const pipelinePlan = `version: 1
project: pipeline
data: { file: people.csv }
columns:
  label: label
  positive: "yes"
  protected: [sex]
model: { file: pipeline.onnx }
audits:
  fairness.group-metrics: {}
  explainability.permutation-importance: { repeats: 3 }
seed: 7
`;
const treePlan = `version: 1
project: tree
data: { file: people.csv }
columns:
  label: label
  positive: "yes"
  decision: { at_least: 1.5 }
  protected: [sex]
  features: [x0, x1]
model: { file: tree.onnx }
audits:
  explainability.shapley: { background: others.csv }
`;

async function push(name: string, fileName: string, bytes: Uint8Array, options = {}): Promise<Answer> {
  const upload = await server.upload(fileName, bytes);
  return server.call("POST", "/projects/credit/models", { upload, name, ...options });
}

async function refusal(response: Promise<Response>): Promise<Answer> {
  const answer = await response;
  return { status: answer.status, ...(await answer.json()) };
}

describe("models", () => {
  it("tell what they are, and come back byte for byte", async () => {
    const bytes = smallPipeline();
    const dataset = await server.dataset("credit", "people.csv", people(20));
    const version = await push("scorecard", "pipeline.onnx", bytes, {
      card: { purpose: "grants credit", owner: "risk" },
      trainedOn: dataset.id,
    });
    expect(version).toMatchObject({
      number: 1,
      model: { name: "scorecard" },
      fileName: "pipeline.onnx",
      digest: `sha256:${createHash("sha256").update(bytes).digest("hex")}`,
      sizeBytes: bytes.length,
      format: "onnx",
      card: { purpose: "grants credit", owner: "risk", licence: "", notes: "" },
      trainedOn: { id: dataset.id, name: "people.csv" },
      about: {
        inputs: [
          { name: "age", kind: "number" },
          { name: "town", kind: "category" },
        ],
        classes: ["no", "yes"],
        output: "probabilities",
      },
    });
    const file = await server.fetch("GET", `/model-versions/${version.id}/file`);
    expect(file.headers.get("content-length")).toBe(String(bytes.length));
    expect(new Uint8Array(await file.arrayBuffer())).toEqual(new Uint8Array(bytes));
    expect((await server.fetch("GET", `/model-versions/${version.id}/file`, undefined, null)).status).toBe(401);
  });

  it("of the same bytes and name are one version; other bytes are the next", async () => {
    const one = await push("twice", "tree.onnx", smallTree());
    expect((await push("twice", "again.onnx", smallTree())).id).toBe(one.id);
    const two = await push("twice", "tree.onnx", smallForRuntime());
    expect(two).toMatchObject({ number: 2, model: { id: one.model.id }, about: { structure: "other" } });
    const model = await server.call("GET", `/models/${one.model.id}`);
    expect(model.versions.map((version: Answer) => version.number)).toEqual([2, 1]);
    const listed = await server.call("GET", "/projects/credit/models");
    expect(listed.find((row: Answer) => row.name === "twice")).toMatchObject({ versions: 2, latest: { number: 2 } });
  });

  it("go on being uploaded where they stopped", async () => {
    const bytes = smallPipeline();
    const location = await server.beginUpload(bytes.length, { filename: "resumed.onnx" });
    expect((await server.sendPart(location, 0, bytes.subarray(0, 100))).status).toBe(204);
    const early = await refusal(
      server.fetch("POST", "/projects/credit/models", { upload: location.split("/").at(-1), name: "resumed" }),
    );
    expect(early).toMatchObject({ status: 409, code: "conflict" });
    expect(await server.offsetOf(location)).toBe(100);
    expect((await server.sendPart(location, 100, bytes.subarray(100))).status).toBe(204);
    const made = await server.call("POST", "/projects/credit/models", {
      upload: location.split("/").at(-1),
      name: "resumed",
    });
    expect(made).toMatchObject({ sizeBytes: bytes.length, fileName: "resumed.onnx" });
  });

  it.each([
    ["cut off", "cut.onnx", smallPipeline().subarray(0, 200), "model-invalid", /cut\.onnx/],
    ["a pickle", "model.onnx", Uint8Array.of(0x80, 4, 0x95, 0, 0, 0, 0, 0), "model-invalid", /Python pickle/],
    [
      "a tree in a circle",
      "loop.onnx",
      smallTree({ nodes_truenodeids: { ints: [1, 0, 0, 0, 0] } }),
      "model-invalid",
      /loop/,
    ],
    [
      "with weights elsewhere",
      "far.onnx",
      external("../../secret"),
      "model-invalid",
      /lies outside the model's folder/,
    ],
    [
      "without their weights",
      "lone.onnx",
      external("lone.bin"),
      "not-found",
      /external data "lone\.bin": is not there/,
    ],
  ])("that are %s are refused and not kept", async (_, fileName, bytes, code, message) => {
    const upload = await server.upload(fileName, bytes);
    const answer = await refusal(server.fetch("POST", "/projects/credit/models", { upload, name: "bad" }));
    expect(answer.code).toBe(code);
    expect(answer.message).toMatch(message);
    const listed = await server.call("GET", "/projects/credit/models");
    expect(listed.some((row: Answer) => row.name === "bad")).toBe(false);
  });

  it("carry their card on, change it in place, and are removed with a run's name for them", async () => {
    const one = await push("cards", "tree.onnx", smallTree(), { card: { owner: "risk", notes: "first" } });
    const two = await push("cards", "tree.onnx", smallPipeline());
    expect(two.card).toEqual({ purpose: "", owner: "risk", licence: "", notes: "" });
    const changed = await server.call("PATCH", `/model-versions/${two.id}`, { card: { licence: "MIT" } });
    expect(changed.card).toEqual({ purpose: "", owner: "risk", licence: "MIT", notes: "" });
    await server.call("POST", "/projects", { name: "Other" });
    const other = await server.dataset("other", "people.csv", people(10));
    expect(await refusal(server.fetch("PATCH", `/model-versions/${one.id}`, { trainedOn: other.id }))).toMatchObject({
      code: "not-found",
    });
    await server.call("DELETE", `/models/${one.model.id}`);
    expect((await server.fetch("GET", `/models/${one.model.id}`)).status).toBe(404);
    expect((await server.fetch("GET", `/model-versions/${two.id}/file`)).status).toBe(404);
  });
});

describe("runs with a model", () => {
  it("give the report that the same plan gives on this machine", async () => {
    const text = people(900);
    const dataset = await server.dataset("credit", "people.csv", text);
    const version = await push("scorecard", "pipeline.onnx", smallPipeline());
    const check = await server.call("POST", `/datasets/${dataset.id}/plan/check`, { plan: pipelinePlan });
    expect(check).toMatchObject({ ok: true, problems: [] });
    const made = await server.call("POST", "/projects/credit/runs", { dataset: dataset.id, plan: pipelinePlan });
    expect(made.model).toMatchObject({ id: version.id, name: "scorecard", number: 1, fileName: "pipeline.onnx" });
    const run = await server.waitFor(made.id, ["completed", "failed"]);
    expect(run).toMatchObject({ status: "completed", error: null, progress: { stage: null } });
    const report = await server.call("GET", `/runs/${made.id}/report`);

    await writeFile(join(folder, "people.csv"), text);
    await writeFile(join(folder, "pipeline.onnx"), smallPipeline());
    await writeFile(join(folder, "audit.yaml"), pipelinePlan);
    const local = await audit("audit.yaml", { folder });
    expect(report.audits.map((one: Answer) => [one.id, one.status, one.reason])).toEqual(
      local.audits.map((one) => [one.id, one.status, one.reason]),
    );
    expect(report.digest).toBe(local.digest);
    expect(report.model).toEqual(local.model);

    await server.call("DELETE", `/models/${version.model.id}`);
    expect(await refusal(server.fetch("POST", `/runs/${made.id}/again`))).toMatchObject({ code: "conflict" });
    expect((await server.call("GET", `/runs/${made.id}/report`)).digest).toBe(report.digest);
  });

  it("are refused where the project has no such model, or the plan none", async () => {
    const dataset = await server.dataset("credit", "people.csv", people(50));
    const plan = pipelinePlan.replace("pipeline.onnx", "nowhere.onnx");
    const check = await server.call("POST", `/datasets/${dataset.id}/plan/check`, { plan });
    expect(check.problems.map((problem: Answer) => problem.at)).toEqual(["model.file"]);
    expect(check.problems[0].message).toBe(
      'no model of this project has a file "nowhere.onnx"; push it to the project first',
    );
    const version = await push("lonely", "tree.onnx", smallTree());
    const answer = await refusal(
      server.fetch("POST", "/projects/credit/runs", {
        dataset: dataset.id,
        model: version.id,
        plan: pipelinePlan.replace(/^model.*\n/m, ""),
      }),
    );
    expect(answer).toMatchObject({ code: "plan-invalid" });
    expect(answer.message).toMatch(/a model is chosen, and the plan has none/);
  });

  it("take background rows from the project's dataset of that file, and from nowhere else", async () => {
    const dataset = await server.dataset("credit", "people.csv", people(300));
    await push("tree", "tree.onnx", smallTree());
    const check = () => server.call("POST", `/datasets/${dataset.id}/plan/check`, { plan: treePlan });
    expect((await check()).problems).toEqual([
      {
        at: "audits.explainability.shapley.background",
        line: expect.any(Number),
        message: 'no dataset of this project is of a file "others.csv"; upload it first, or give a number of rows',
      },
    ]);
    await server.dataset("credit", "others.csv", "x0,y\n1,2\n");
    expect((await check()).problems[0].message).toBe('others.csv has no column "x1", which the model takes');
    await server.dataset("credit", "others.csv", people(40));
    expect(await check()).toMatchObject({ ok: true });
    const made = await server.call("POST", "/projects/credit/runs", { dataset: dataset.id, plan: treePlan });
    await server.waitFor(made.id, ["completed", "failed"]);
    const report = await server.call("GET", `/runs/${made.id}/report`);
    await writeFile(join(folder, "people.csv"), people(300));
    await writeFile(join(folder, "others.csv"), people(40));
    await writeFile(join(folder, "tree.onnx"), smallTree());
    await writeFile(join(folder, "tree.yaml"), treePlan);
    expect(report.digest).toBe((await audit("tree.yaml", { folder })).digest);
    expect(report.audits[0]).toMatchObject({ id: "explainability.shapley", status: "completed" });
  });

  it("open a file that leaves open how many columns it takes as wide as the plan's features", async () => {
    const open = writeOnnx({
      nodes: [
        { operator: "Cos", inputs: ["X"], outputs: ["c"] },
        { operator: "ReduceSum", inputs: ["c", "axes"], outputs: ["Y"] },
      ],
      initializers: [{ name: "axes", type: "int64", dims: [1], values: [1] }],
      inputs: [{ name: "X", type: "float", dims: ["N", "width"] }],
      outputs: [{ name: "Y", type: "float", dims: ["N", 1] }],
    });
    const version = await push("open", "open.onnx", open);
    expect(version.about.inputs).toEqual([]);
    const dataset = await server.dataset("credit", "people.csv", people(60));
    const plan = treePlan
      .replace("tree.onnx", "open.onnx")
      .replace(/audits:[\s\S]*/, "audits: { fairness.group-metrics: {} }\n");
    expect(await server.call("POST", `/datasets/${dataset.id}/plan/check`, { plan })).toMatchObject({ ok: true });
    const without = await server.call("POST", `/datasets/${dataset.id}/plan/check`, {
      plan: plan.replace(/ {2}features.*\n/, ""),
    });
    expect(without.problems[0].message).toMatch(/does not say how many columns it takes/);
    const made = await server.call("POST", "/projects/credit/runs", { dataset: dataset.id, plan });
    expect(await server.waitFor(made.id, ["completed", "failed"])).toMatchObject({ status: "completed" });
  });

  it.skipIf(!hasShared)(
    "of a boosting model on Adult equal the local run, explained by permutation and by Shapley",
    async () => {
      const encoding = JSON.parse(await readFile(join(shared, "reference/models/adult_encoding.json"), "utf8"));
      const lines = (await readFile(join(shared, "data/adult.test"), "utf8")).split("\n").slice(1, 2001);
      const text = [`${encoding.columns.join(",")},income`, ...lines.map((line) => line.replaceAll(", ", ","))].join(
        "\n",
      );
      const file = join(shared, "reference/models/gb100_d3_adult.onnx");
      const plan = {
        version: 1 as const,
        project: "adult",
        data: { file: "adult.csv" },
        columns: { label: "income", positive: ">50K.", protected: ["sex"], features: encoding.columns },
        model: { file, categories: encoding.categories },
        audits: {
          "explainability.permutation-importance": { repeats: 2 },
          "explainability.shapley": { background: 20, rows: 50 },
          "fairness.group-metrics": {},
        },
      };
      await writeFile(join(folder, "adult.csv"), text);
      const local = await audit(plan, { folder });
      const { Assay } = await import("@assay/sdk");
      const { apiKey } = await import("../server-process.ts");
      const project = await new Assay({ url: server.url, apiKey }).projects.ensure("Adult");
      const run = await project.runs.create({ plan, folder });
      for await (const _ of run.watch()) {
        // Waits for the end.
      }
      const report = await run.report();
      expect(report.audits.map((one) => [one.id, one.status])).toEqual(local.audits.map((one) => [one.id, one.status]));
      expect(report.digest).toBe(local.digest);
      expect((await run.refresh()).model).toMatchObject({
        fileName: "gb100_d3_adult.onnx",
        digest: local.model?.digest,
      });
    },
  );
});

/** A model whose weights lie in another file. */
function external(location: string): Uint8Array {
  return writeOnnx({
    nodes: [{ operator: "MatMul", inputs: ["X", "w"], outputs: ["Y"] }],
    initializers: [{ name: "w", type: "float", dims: [2, 1], values: [], external: { location } }],
    inputs: [{ name: "X", type: "float", dims: ["N", 2] }],
    outputs: [{ name: "Y", type: "float", dims: ["N", 1] }],
  });
}
