import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openDevice } from "@assay/compute";
import { coded } from "@assay/dataset";
import { openDataset } from "@assay/dataset/node";
import { openModel } from "@assay/models/node";
import { checkPlan } from "@assay/schema";
import { describe, expect, it } from "vitest";
import { bindAuditModel } from "../../bind-model.ts";
import { describeModel } from "../../describe-model.ts";
import { preparePlan } from "../../prepare.ts";
import { rocAuc } from "./scores/ranking.ts";
import { accuracy } from "./scores/shares.ts";

const shared = fileURLToPath(new URL("../../../../../../shared/", import.meta.url));
const hasShared = existsSync(join(shared, "reference/models/rf100_d8_adult.onnx"));

interface Fixture {
  readonly rows: number;
  readonly accuracy: number;
  readonly "roc-auc": number;
  readonly cases: readonly {
    readonly features: readonly string[];
    readonly indexes: readonly (readonly number[])[];
    readonly accuracy: readonly number[];
    readonly "roc-auc": readonly number[];
  }[];
}

describe.skipIf(!hasShared)("importance under given shuffles (../shared)", () => {
  it("equals numpy and scikit-learn on the shared forest, single columns and a group", async () => {
    const fixture: Fixture = JSON.parse(readFileSync(new URL("./given-shuffles.json", import.meta.url), "utf8"));
    const { columns: features, categories } = JSON.parse(
      readFileSync(join(shared, "reference/models/adult_encoding.json"), "utf8"),
    );
    const folder = await mkdtemp(join(tmpdir(), "assay-importance-"));
    const device = await openDevice("cpu");
    const file = join(folder, "adult.csv");
    // The first line of the file is a comment.
    const lines = readFileSync(join(shared, "data/adult.test"), "utf8").split("\n");
    await writeFile(file, `${lines.slice(1, 1 + fixture.rows).join("\n")}\n`);
    const plan = checkPlan({
      version: 1,
      data: { file: "adult.csv", header: [...features, "income"] },
      columns: { label: "income", positive: ">50K.", features },
      model: { file: "rf100_d8_adult.onnx", categories },
      audits: { "explainability.permutation-importance": {} },
    });
    const dataset = await openDataset(file, { source: { header: [...features, "income"], missing: [""] } });
    const model = await openModel(join(shared, "reference/models/rf100_d8_adult.onnx"));
    try {
      expect(model.runtime).toBe("kernels");
      const prepared = preparePlan(plan, dataset.columns, { model: describeModel(model) });
      const { table } = await dataset.load(prepared.requests);
      const { model: role, label } = prepared.roles;
      if (role === null || label === null) throw new Error("the plan binds a model and a label");
      const positive = Uint8Array.from(coded(table, label).codes, (code) => (code === 2 ? 1 : 0));
      const truth = { rows: fixture.rows, positive, classes: null };
      const signal = new AbortController().signal;
      const bound = await bindAuditModel({ model, role, device, signal }).bind(table, null);
      const nowhere = new Float64Array(fixture.rows);
      const before = await bound.predict();
      expect(accuracy.evaluate(truth, before, nowhere, 0)).toBeCloseTo(fixture.accuracy, 12);
      expect(rocAuc.evaluate(truth, before, nowhere, 0)).toBeCloseTo(fixture["roc-auc"], 12);
      for (const { features: names, indexes, ...expected } of fixture.cases) {
        const inputs = names.map((name) => features.indexOf(name));
        let repeat = 0;
        for await (const after of bound.predictPermuted(inputs, Uint32Array.from(indexes.flat()))) {
          const lost = (score: typeof accuracy, base: number): number =>
            base - score.evaluate(truth, after, nowhere, 0);
          const at = `${names} ${repeat}`;
          expect(lost(accuracy, fixture.accuracy), at).toBeCloseTo(expected.accuracy[repeat] ?? Number.NaN, 12);
          // Scores equal in float64 may part in the last bits of a sum: a tie more or less of 47 × 253 pairs.
          expect(Math.abs(lost(rocAuc, fixture["roc-auc"]) - (expected["roc-auc"][repeat] ?? 0)), at).toBeLessThan(
            1e-4,
          );
          repeat++;
        }
        expect(repeat).toBe(indexes.length);
      }
      bound.free();
    } finally {
      await model.dispose();
      await dataset.close();
      device.dispose();
      await rm(folder, { recursive: true });
    }
  });
});
