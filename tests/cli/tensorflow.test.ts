import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Report } from "@assay/schema";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { asWritten, changeOf, fixtureCase } from "../../packages/models/src/tensorflow/fixture.testing.ts";
import { filesOf, placed } from "../../packages/models/src/tensorflow/written-models.testing.ts";
import { assay } from "./assay.ts";

// Every test starts a program, and on a busy machine that takes its time.
vi.setConfig({ testTimeout: 120_000 });

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "assay-cli-tensorflow-"));
  for (const [name, place] of [
    ["dense layers", "dense"],
    ["two inputs", "two"],
    ["a graph", "graph"],
  ] as const) {
    const one = fixtureCase(name);
    placed(folder, place, filesOf(asWritten(one), { shardBytes: 100, change: changeOf(one) }));
    const inputs = one.inputs[0]?.length ?? 0;
    const header = Array.from({ length: inputs }, (_, index) => `x${index}`);
    const lines = Array.from({ length: 120 }, (_, row) => {
      const values = header.map((_, column) => (((row * 37 + column * 11) % 41) - 20) / 10);
      const label = name === "two inputs" ? "" : `,${(row * 7 + (row >> 3)) % 3}`;
      return `${values.join(",")},${row % 2 ? "f" : "m"}${label}`;
    });
    const columns = [...header, "sex", ...(name === "two inputs" ? [] : ["label"])];
    writeFileSync(join(folder, `${place}.csv`), `${columns.join(",")}\n${lines.join("\n")}\n`);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(place: string, inputs: number, columns: string, audits: string): Promise<Report> {
  const features = Array.from({ length: inputs }, (_, index) => `x${index}`).join(", ");
  writeFileSync(
    join(folder, `${place}.yaml`),
    `version: 1
data: { file: ${place}.csv }
columns: { features: [${features}], protected: [sex]${columns} }
model: { file: ${place}/model.json }
audits:
${audits}
seed: 3
`,
  );
  const ran = await assay(["run", `${place}.yaml`, "--out", `${place}-out`], { cwd: folder });
  expect(ran.code, ran.stderr).toBe(0);
  return Report.parse(JSON.parse(readFileSync(join(folder, `${place}-out`, "report.json"), "utf8")));
}

const both = ", label: label, positive: 2";

describe("assay run on a plan with a TensorFlow.js model", () => {
  it("runs a dense one on the kernels, explains it, and names every file of it", async () => {
    const report = await run(
      "dense",
      5,
      both,
      "  explainability.integrated-gradients: {}\n  explainability.permutation-importance: { repeats: 4 }\n  efficiency.profile: {}",
    );
    expect(report.audits.map(({ id, status }) => [id, status])).toEqual([
      ["efficiency.profile", "completed"],
      ["explainability.integrated-gradients", "completed"],
      ["explainability.permutation-importance", "completed"],
    ]);
    expect(report.environment.modelRuntime).toBe("kernels");
    expect(report.model).toMatchObject({
      file: "model.json",
      format: "tensorflow",
      structure: "network",
      differentiable: true,
      parameters: 48 + 54 + 21,
    });
    const shard = readFileSync(join(folder, "dense", "group1-shard1of5.bin"));
    expect(report.model?.files).toContainEqual({
      name: "group1-shard1of5.bin",
      sizeBytes: 100,
      digest: `sha256:${createHash("sha256").update(shard).digest("hex")}`,
    });
    expect(report.model?.files).toHaveLength(5);
    const csv = readFileSync(join(folder, "dense-out", "integrated-gradients.csv"), "utf8")
      .trim()
      .split("\n");
    expect([csv[0], csv.length]).toEqual(["row,base,x0,x1,x2,x3,x4", 121]);
    const macs = report.audits[0]?.measures.find((one) => one.metric === "multiply-accumulates");
    expect(macs?.value).toBe(5 * 8 + 8 * 6 + 6 * 3);
  });

  it("runs another in TensorFlow.js, with its gradients, and says so", async () => {
    const report = await run(
      "two",
      5,
      "",
      "  explainability.integrated-gradients: { baseline: zero }\n  efficiency.latency: { seconds: 0.2 }",
    );
    expect(report.environment.modelRuntime).toBe("tensorflow");
    expect(report.audits.map(({ status }) => status)).toEqual(["completed", "completed"]);
    expect(report.model).toMatchObject({ structure: "other", output: "value" });
    expect(JSON.stringify(report.audits[0])).toContain("TensorFlow.js");
    const error = report.audits[1]?.measures.find((one) => one.metric === "completeness-error");
    expect(error?.value).toBeLessThan(1e-3);
  });

  it("runs a graph, whose output has no gradients", async () => {
    const report = await run("graph", 4, both, "  explainability.permutation-importance: { repeats: 4 }");
    expect(report.environment.modelRuntime).toBe("tensorflow");
    expect(report.audits.map(({ status }) => status)).toEqual(["completed"]);
    expect(report.model?.differentiable).toBeUndefined();
  });
});
