import { readFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Measure, PlanInput, Report } from "@assay/schema";
import { audit } from "@assay/sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasShared, shared } from "../paths.ts";

interface Reference {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

describe.skipIf(!hasShared)("the shared models on Adult (../shared)", () => {
  let folder: string;
  let reference: Record<string, Reference & { base: number | number[]; values: number[][][] | number[][] }>;
  let features: string[];
  let categories: Record<string, string[]>;

  beforeAll(async () => {
    reference = JSON.parse(readFileSync(join(shared, "reference/b2_explain.json"), "utf8"));
    ({ columns: features, categories } = JSON.parse(
      readFileSync(join(shared, "reference/models/adult_encoding.json"), "utf8"),
    ));
    folder = await mkdtemp(join(tmpdir(), "assay-models-"));
    const test = (await readFile(join(shared, "data/adult.test"), "utf8")).split("\n").slice(1);
    await writeFile(join(folder, "adult.csv"), test.join("\n"));
    await writeFile(join(folder, "first.csv"), `${test.slice(0, 100).join("\n")}\n`);
    const train = (await readFile(join(shared, "data/adult.data"), "utf8")).split("\n").slice(0, 100);
    await writeFile(join(folder, "background.csv"), `${train.join("\n")}\n`);
  });
  afterAll(() => rm(folder, { recursive: true }));

  const planOf = (model: string, file: string, audits: NonNullable<PlanInput["audits"]>): PlanInput => ({
    version: 1,
    data: { file, header: [...features, "income"] },
    columns: { label: "income", positive: ">50K.", protected: ["sex"], features },
    model: { file: join(shared, `reference/models/${model}.onnx`), categories },
    audits,
    seed: 5,
  });
  const measures = (report: Report, metric: string): Measure[] =>
    report.audits.flatMap((one) => one.measures).filter((one) => one.metric === metric);

  it.each(["rf", "gb"] as const)(
    "need the features that scikit-learn says, within the error of shuffles: %s",
    async (name) => {
      const model = name === "rf" ? "rf100_d8_adult" : "gb100_d3_adult";
      const report = await audit(
        planOf(model, "adult.csv", { "explainability.permutation-importance": { score: "accuracy" } }),
        { folder },
      );
      expect(report.audits[0]?.status).toBe("completed");
      const expected = reference[`${name}_adult_permutation_importance`];
      const found = measures(report, "permutation-importance");
      expect(found.map((one) => one.feature)).toEqual(features);
      for (const [place, one] of found.entries()) {
        // Ten shuffles there and ten here: five standard errors of the difference, and two rows.
        const error = (expected?.std[place] ?? 0) * Math.sqrt(2 / 10);
        const off = Math.abs((one.value ?? Number.NaN) - (expected?.mean[place] ?? 0));
        expect(off, `${one.feature}`).toBeLessThan(5 * error + 2 / 16281);
        expect(one.low ?? 1, `${one.feature}`).toBeLessThanOrEqual(one.value ?? 0);
      }
      const base = measures(report, "baseline-score")[0]?.value;
      expect(base).toBeCloseTo(name === "rf" ? 0.8570726613844358 : 0.868005650758553, 12);
    },
  );

  it.each([
    ["gb", "gb_adult_TreeExplainer interventional probability 100 rows B=100", { background: "background.csv" }],
    ["rf", "rf_adult_TreeExplainer interventional probability 100 rows B=100", { background: "background.csv" }],
    ["rf", "rf_adult_TreeExplainer path-dependent 100 rows", { kind: "path-dependent" }],
    ["gb", "gb_adult_TreeExplainer path-dependent 100 rows", { kind: "path-dependent", output: "log-odds" }],
  ] as const)("have shap's values to 1e-6, from the ONNX file alone: %s, %s", async (name, key, settings) => {
    const model = name === "rf" ? "rf100_d8_adult" : "gb100_d3_adult";
    const report = await audit(planOf(model, "first.csv", { "explainability.shapley": settings }), { folder });
    expect(report.audits[0]?.status).toBe("completed");
    const expected = reference[key];
    const base = Array.isArray(expected?.base) ? expected.base.at(-1) : expected?.base;
    expect(Math.abs((measures(report, "shapley-base")[0]?.value ?? 0) - (base ?? Number.NaN))).toBeLessThan(1e-6);
    expect(measures(report, "additivity-error")[0]?.value).toBeLessThan(1e-6);
    // The mean absolute values of the 100 rows; the rows one by one are held in the kernel's own tests.
    for (const [place, one] of measures(report, "shapley-value").entries()) {
      const values = (expected?.values ?? []).map((row) => {
        const value = row[place];
        return Math.abs((Array.isArray(value) ? value[1] : value) ?? Number.NaN);
      });
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      expect(Math.abs((one.value ?? 0) - mean), `${one.feature}`).toBeLessThan(1e-6);
    }
  });

  it("give the same digest on any shards and threads", async () => {
    const plan = planOf("gb100_d3_adult", "adult.csv", {
      "explainability.permutation-importance": { repeats: 2 },
      "explainability.shapley": { rows: 10 },
      "fairness.group-metrics": { replicates: 500 },
    });
    const one = await audit(plan, { folder, shards: 1, threads: 1 });
    const many = await audit(plan, { folder, shards: 7, threads: 2 });
    expect(many.digest).toBe(one.digest);
    expect(one.model?.digest).toMatch(/^sha256:/);
    expect(one.model?.classes).toEqual(["0", "1"]);
  });
});
