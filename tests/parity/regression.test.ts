import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDevice, PhiloxStream } from "@assay/compute";
import { trainBoostedTrees } from "@assay/models";
import type { PlanInput, Report } from "@assay/schema";
import { audit } from "@assay/sdk";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const rows = 300;

describe("a regression in ONNX", () => {
  let folder: string;
  let predicted: Float64Array;
  const labels = new Float64Array(rows);
  const groupOf = (row: number): string => (row % 3 === 0 ? "f" : "m");

  beforeAll(async () => {
    const device = await openDevice("cpu");
    folder = await mkdtemp(join(tmpdir(), "assay-regression-"));
    const random = new PhiloxStream(91, 1);
    const columns = [0, 1].map(() => Float32Array.from({ length: rows }, () => random.normal()));
    const [age, income] = columns;
    for (let row = 0; row < rows; row++) {
      labels[row] =
        2 * (age?.[row] ?? 0) - (income?.[row] ?? 0) + 0.3 * random.normal() + (groupOf(row) === "f" ? 1 : 0);
    }
    const table = { columns, names: ["age", "income"], labels, classes: null, weights: null };
    const fitted = await trainBoostedTrees(table, { device, texts: "codes", maxIterations: 20 });
    predicted = Float64Array.from(await fitted.predict(columns, { device }));
    device.dispose();
    await writeFile(join(folder, "model.onnx"), fitted.toModelBytes("onnx"));
    const lines = Array.from(labels, (label, row) => `${age?.[row]},${income?.[row]},${groupOf(row)},${label}`);
    await writeFile(join(folder, "rows.csv"), `age,income,sex,price\n${lines.join("\n")}\n`);
  });
  afterAll(() => rm(folder, { recursive: true }));

  const run = (audits?: PlanInput["audits"]): Promise<Report> =>
    audit(
      {
        version: 1,
        data: { file: "rows.csv" },
        columns: { label: "price", protected: ["sex"] },
        model: { file: join(folder, "model.onnx") },
        ...(audits ? { audits } : {}),
      },
      { folder },
    );

  test("beside a label with decimals predicts numbers, whose errors are measured by group", async () => {
    for (const output of ["auto", "values"]) {
      const report = await run({ "fairness.group-metrics": { output } });
      const result = report.audits[0];
      expect(result?.status).toBe("completed");
      for (const sex of ["f", "m"]) {
        const own = Array.from(labels.keys()).filter((row) => groupOf(row) === sex);
        const mean = (of: (row: number) => number): number => own.reduce((sum, row) => sum + of(row), 0) / own.length;
        const find = (metric: string) =>
          result?.measures.find((one) => one.metric === metric && one.group?.sex === sex && one.stratum === undefined);
        // The file's numbers are single precision: six digits.
        expect(find("mean-prediction")?.value).toBeCloseTo(
          mean((row) => predicted[row] ?? 0),
          5,
        );
        expect(find("mean-residual")?.value).toBeCloseTo(
          mean((row) => (predicted[row] ?? 0) - (labels[row] ?? 0)),
          5,
        );
        expect(find("mean-absolute-error")?.value).toBeCloseTo(
          mean((row) => Math.abs((predicted[row] ?? 0) - (labels[row] ?? 0))),
          5,
        );
      }
    }
  });

  test("is no classification, and says so", async () => {
    const report = await run();
    const classification = report.audits.find(({ id }) => id === "impact.classification");
    expect(classification?.status).toBe("skipped");
    expect(classification?.reason?.en).toContain("predicts numbers");
    expect(report.audits.find(({ id }) => id === "fairness.group-metrics")?.status).toBe("completed");
  });
});
