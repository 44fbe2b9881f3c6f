import { openDevice } from "@assay/compute";
import type { AuditResult, PlanInput } from "@assay/schema";
import { afterAll, describe, expect, test } from "vitest";
import { type Cells, measureOf, runCells } from "../../testing/run-cells.ts";
import { classification } from "./index.ts";

const device = await openDevice("cpu");
afterAll(() => device.dispose());

const columns = { label: "y", positive: "1", decision: "d" } satisfies PlanInput["columns"];
const audit = (
  cells: Cells,
  roles: PlanInput["columns"] = columns,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<AuditResult> => runCells(cells, { definition: classification, device, columns: roles, settings });

const finding = (result: AuditResult, id: string): string =>
  result.findings.find((one) => one.id === id)?.text.en ?? "";

/** Every number told is one, lies in its interval, and what has none has a reason. */
function expectSound(result: AuditResult): void {
  for (const one of result.measures) {
    if (one.value === null) expect(one.reason, one.metric).toBeTruthy();
    for (const number of [one.value ?? 0, one.low ?? 0, one.high ?? 0, one.p ?? 0]) {
      expect(Number.isFinite(number), one.metric).toBe(true);
    }
    if (one.value !== null && one.low !== undefined && one.high !== undefined) {
      expect(one.low, one.metric).toBeLessThanOrEqual(one.value);
      expect(one.high, one.metric).toBeGreaterThanOrEqual(one.value);
      expect(one.low, one.metric).toBeLessThan(one.high);
    }
  }
}

describe("weights", () => {
  const weightedColumns = { ...columns, weight: "w", score: "s" } satisfies PlanInput["columns"];

  test.each(["0", "1"])("one row with a weight, decided %s, is audited", async (d) => {
    expectSound(await audit({ y: ["1"], d: [d], w: [2.5], s: [0.3] }, weightedColumns));
  });

  test("rows of weight 0 only are rows, and the reason says what they lack", async () => {
    const result = await audit({ y: ["1", "0"], d: ["1", "1"], w: [0, 0], s: [0.3, 0.6] }, weightedColumns);
    expectSound(result);
    for (const metric of [
      "accuracy",
      "f1-macro",
      "mcc",
      "accuracy-gain",
      "baseline-accuracy",
      "precision",
      "f1",
      "roc-auc",
    ]) {
      expect(measureOf(result, metric), metric).toMatchObject({ value: null, reason: "only rows of weight 0" });
    }
    const cell = result.tables.find((one) => one.id === "summary")?.rows[0]?.cells[4];
    expect(cell).toEqual({ en: "only rows of weight 0", "zh-CN": "只有权重为 0 的行" });
  });

  test("a class whose rows all weigh 0 has no precision, recall or F1, and stands in no average", async () => {
    const result = await audit(
      { y: ["1", "1", "0", "0"], d: ["1", "1", "0", "0"], w: [1, 2, 0, 0], s: [0.9, 0.7, 0.95, 0.2] },
      weightedColumns,
    );
    expectSound(result);
    for (const metric of ["precision", "recall", "f1"]) {
      expect(measureOf(result, metric, { class: "0" })).toMatchObject({ value: null, reason: "only rows of weight 0" });
    }
    expect(measureOf(result, "f1-macro").value).toBe(1);
    expect(measureOf(result, "average-precision").value).toBe(1);
    expect(measureOf(result, "roc-auc")).toMatchObject({ value: null, reason: "only rows of weight 0" });
    expect(finding(result, "never-predicted")).toBe("");
  });

  test.each([1e200, 1e300, 1e-200])("a weight of %d is refused by column and value", async (weight) => {
    await expect(
      audit({ y: ["1", "0"], d: ["1", "1"], w: [1, weight], s: [0.3, 0.6] }, weightedColumns),
    ).rejects.toThrow(
      `column "w": the weight ${weight} in row 2 of the rows read; weights are 0 or from 1e-50 to 1e+50. Only their proportions matter`,
    );
  });

  test("the largest and the smallest weight taken give numbers, also side by side", async () => {
    const y = ["1", "0", "1", "0", "1", "0"];
    const d = ["1", "0", "0", "1", "1", "0"];
    const s = [0.9, 0.2, 0.4, 0.6, 0.7, 0.1];
    for (const w of [Array(6).fill(1e50), Array(6).fill(1e-50), [1e50, 1e-50, 1, 1e-50, 1e50, 1]]) {
      expectSound(await audit({ y, d, s, w }, weightedColumns));
    }
    const large = await audit({ y, d, s, w: Array(6).fill(1e50) }, weightedColumns);
    const one = await audit({ y, d, s, w: Array(6).fill(1) }, weightedColumns);
    for (const [index, measure] of one.measures.entries()) {
      for (const key of ["value", "low", "high"] as const) {
        const number = measure[key];
        if (typeof number === "number") expect(large.measures[index]?.[key], measure.metric).toBeCloseTo(number, 6);
      }
    }
  });
});

describe("one class only", () => {
  test.each([1, 2, 3, 10])("%i right rows prove nothing about averages", async (n) => {
    const cells = { y: Array(n).fill("1"), d: Array(n).fill("1") };
    const result = await audit(cells);
    expectSound(result);
    for (const metric of ["f1-weighted", "precision-weighted", "f1-macro"]) {
      expect(measureOf(result, metric).value, metric).toBe(1);
      expect(measureOf(result, metric).low, metric).toBeLessThan(0.75);
    }
    const several = await audit(cells, { label: "y", prediction: "d" });
    expectSound(several);
    expect(measureOf(several, "f1-macro").low).toBeLessThan(0.75);
  });

  test("that one class is all there is, is said; no more rows or other threshold is asked for", async () => {
    const result = await audit({ y: Array(40).fill("1"), d: Array(40).fill("1") });
    const text = finding(result, "accuracy");
    expect(text).toContain("One class is all there is.");
    expect(text).toContain("Nothing can be told of telling classes apart");
    expect(text).not.toContain("threshold");
    expect(result.findings.find((one) => one.id === "accuracy")?.text["zh-CN"]).toContain("标签只有一个类别");
    expect(finding(result, "never-predicted")).toBe("");
  });

  test("a class counted as 0 is named; one that is neither there nor predicted is not", async () => {
    const both = await audit({ y: ["1", "1", "1"], d: ["1", "1", "0"] });
    expect(measureOf(both, "recall-macro").reason).toBe('no rows, recall counted as 0: "≠ 1"');
    const one = await audit({ y: ["1", "1", "1"], d: ["1", "1", "1"] });
    expect(measureOf(one, "recall-macro")).toMatchObject({ value: 1 });
    expect(measureOf(one, "recall-macro").reason).toBeUndefined();
    expect(measureOf(one, "precision-macro").reason).toBeUndefined();
  });
});

test("a calibration gap is told as shown at the level that was asked for", async () => {
  // 11 of 20 rows come true at a score of 0.75: p is about 0.06, between 1 − 0.9 and 1 − 0.95.
  const cells = { y: Array.from({ length: 20 }, (_, row) => (row < 11 ? "1" : "0")), s: Array(20).fill(0.75) };
  const roles = { label: "y", positive: "1", score: "s" } satisfies PlanInput["columns"];
  const at = async (confidence: number): Promise<AuditResult> => audit(cells, roles, { confidence });
  const p = measureOf(await at(0.95), "expected-calibration-error").p ?? Number.NaN;
  expect(p).toBeGreaterThan(0.05);
  expect(p).toBeLessThan(0.1);
  expect(finding(await at(0.95), "calibration")).toContain("No miscalibration is shown.");
  expect(finding(await at(0.9), "calibration")).toContain("Scores are not the probabilities they claim.");
});
