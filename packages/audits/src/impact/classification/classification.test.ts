import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { openDevice } from "@assay/compute";
import type { AuditResult, PlanInput } from "@assay/schema";
import { afterAll, describe, expect, test } from "vitest";
import { type Cells, measureOf, type RunCellsOptions, runCells } from "../../testing/run-cells.ts";
import { classification } from "./index.ts";

const device = await openDevice("cpu");
afterAll(() => device.dispose());

const audit = (
  cells: Cells,
  columns: PlanInput["columns"],
  options: Pick<RunCellsOptions, "shards" | "settings" | "counts"> = {},
): Promise<AuditResult> => runCells(cells, { definition: classification, device, columns, ...options });

const value = (result: AuditResult, metric: string, name?: string): number | null =>
  measureOf(result, metric, name === undefined ? {} : { class: name }).value;

/** murmur3's 32-bit finaliser, as ../shared/reference/README.md generates rows from it. */
function finalise(i: number): number {
  let h = i >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

const reference = fileURLToPath(new URL("../../../../../../shared/reference/b4_metrics.json", import.meta.url));

describe("a million generated rows against scikit-learn", () => {
  const missing = !existsSync(reference);
  const expected = missing ? {} : JSON.parse(readFileSync(reference, "utf8"));
  const n = 1_000_000;
  const u = Float64Array.from({ length: n }, (_, index) => finalise(index + 1) / 2 ** 32);
  const v = Float64Array.from({ length: n }, (_, index) => finalise(index + 1 + n) / 2 ** 32);
  const score = Array.from(u, (one) => Math.min(1 - 1e-6, Math.max(1e-6, one)));

  test.skipIf(missing)("five classes: report, averages, kappa, Matthews correlation to 1e-12", async () => {
    const truth = Array.from(v, (one) => Math.floor(5 * one * one));
    const prediction = Array.from(u, (one, index) => (one < 0.7 ? (truth[index] ?? 0) : Math.floor(1e4 * one) % 5));
    const result = await audit(
      { truth: truth.map(String), prediction: prediction.map(String) },
      { label: "truth", prediction: "prediction" },
      { shards: 3, settings: { replicates: 500 } },
    );
    const report = expected["classification_report 5 classes"];
    for (const name of ["0", "1", "2", "3", "4"]) {
      expect(value(result, "precision", name)).toBeCloseTo(report[name].precision, 13);
      expect(value(result, "recall", name)).toBeCloseTo(report[name].recall, 13);
      expect(value(result, "f1", name)).toBeCloseTo(report[name]["f1-score"], 13);
      expect(value(result, "count", name)).toBe(report[name].support);
    }
    expect(value(result, "accuracy")).toBeCloseTo(report.accuracy, 13);
    for (const kind of ["macro", "weighted"]) {
      expect(value(result, `precision-${kind}`)).toBeCloseTo(report[`${kind} avg`].precision, 13);
      expect(value(result, `recall-${kind}`)).toBeCloseTo(report[`${kind} avg`].recall, 13);
      expect(value(result, `f1-${kind}`)).toBeCloseTo(report[`${kind} avg`]["f1-score"], 13);
    }
    expect(value(result, "mcc")).toBeCloseTo(expected.mcc, 13);
    expect(value(result, "cohen-kappa")).toBeCloseTo(expected.cohen_kappa, 13);
    expect(value(result, "balanced-accuracy")).toBeCloseTo(expected.balanced_accuracy, 13);
    const heat = result.figures.find((figure) => figure.kind === "heatmap");
    expect(heat?.cells.map((cell) => cell.n)).toEqual(expected.confusion_matrix.flat());
  });

  test.skipIf(missing)("a score of its own in every row: AUC, AP, log loss, Brier, calibration to 1e-12", async () => {
    const label = score.map((one, index) => ((v[index] ?? 0) < one ** 1.5 ? "1" : "0"));
    const result = await audit(
      { label, score },
      { label: "label", score: "score" },
      { shards: 2, settings: { replicates: 1000 } },
    );
    expect(value(result, "roc-auc")).toBeCloseTo(expected.roc_auc, 12);
    expect(value(result, "average-precision")).toBeCloseTo(expected.average_precision, 12);
    expect(value(result, "log-loss")).toBeCloseTo(expected.log_loss, 12);
    expect(value(result, "brier-score")).toBeCloseTo(expected.brier, 12);
    expect(value(result, "expected-calibration-error")).toBeCloseTo(expected.ece15, 12);
    expect(measureOf(result, "expected-calibration-error").p).toBeLessThan(0.01);
    const dots = result.figures.find((figure) => figure.id === "reliability");
    const [rates, scores] = expected["calibration_curve 15 bins"];
    if (dots?.kind !== "curves") throw new Error("no reliability figure");
    for (const [index, point] of (dots.series[0]?.points ?? []).entries()) {
      expect(point[0]).toBeCloseTo(scores[index], 12);
      expect(point[1]).toBeCloseTo(rates[index], 12);
    }
    expect(result.findings.map((finding) => finding.id)).toEqual(["ranking", "calibration"]);
  });
});

/** 70 rows: 30 true and 10 false negatives' worth of no, 9 and 21 of yes; weights 1, 1.5, 2, 2.5 in turn. */
const label = Array.from({ length: 70 }, (_, row) => (row < 40 ? "no" : "yes"));
const decision = label.map((_, row) => (row < 30 || (row >= 40 && row < 49) ? "no" : "yes"));
const weight = label.map((_, row) => 1 + (row % 4) * 0.5);
const binary = { label: "label", positive: "yes", decision: "decision" } satisfies PlanInput["columns"];

/** Expected values: scikit-learn 1.9.1 (`classification_report`, `matthews_corrcoef`, …, `sample_weight`). */
describe("small tables against scikit-learn", () => {
  test("binary decisions, classes by the file's text", async () => {
    const result = await audit({ label, decision }, binary);
    expect(value(result, "precision", "no")).toBeCloseTo(0.7692307692307693, 14);
    expect(value(result, "recall", "yes")).toBeCloseTo(0.7, 14);
    expect(value(result, "f1", "yes")).toBeCloseTo(0.6885245901639344, 14);
    expect(value(result, "f1")).toBe(value(result, "f1", "yes"));
    expect(value(result, "precision-macro")).toBeCloseTo(0.7233250620347395, 14);
    expect(value(result, "f1-weighted")).toBeCloseTo(0.7290783505765867, 14);
    expect(value(result, "mcc")).toBeCloseTo(0.44832193324804614, 14);
    expect(value(result, "cohen-kappa")).toBeCloseTo(0.4481327800829876, 14);
    expect(value(result, "balanced-accuracy")).toBeCloseTo(0.725, 14);
    expect(value(result, "baseline-accuracy")).toBeCloseTo(40 / 70, 14);
    expect(value(result, "accuracy-gain")).toBeCloseTo(11 / 70, 14);
    // scipy: binomtest(10, 31, 0.5).pvalue
    expect(measureOf(result, "accuracy-gain").p).toBeCloseTo(0.07075554598122835, 12);
    for (const one of result.measures) {
      if (one.low === undefined || one.high === undefined || one.value === null) continue;
      expect(one.low, one.metric).toBeLessThanOrEqual(one.value);
      expect(one.high, one.metric).toBeGreaterThanOrEqual(one.value);
      expect(one.high - one.low, one.metric).toBeGreaterThan(0.05);
    }
  });

  test("weighted rows", async () => {
    const result = await audit({ label, decision, weight }, { ...binary, weight: "weight" });
    expect(value(result, "precision", "no")).toBeCloseTo(0.7744360902255639, 14);
    expect(value(result, "recall", "yes")).toBeCloseTo(0.7087378640776699, 14);
    expect(value(result, "f1-macro")).toBeCloseTo(0.720012381984213, 14);
    expect(value(result, "precision-weighted")).toBeCloseTo(0.7274715970622403, 14);
    expect(value(result, "mcc")).toBeCloseTo(0.4412507721053539, 14);
    expect(value(result, "cohen-kappa")).toBeCloseTo(0.4404962369840888, 14);
    expect(value(result, "balanced-accuracy")).toBeCloseTo(0.7222260748959779, 14);
    expect(value(result, "count", "yes")).toBe(30);
    expect(measureOf(result, "mcc").method).toBe("linearised");
    // Weights that differ carry less than their number of rows.
    const plain = measureOf(await audit({ label, decision }, binary), "accuracy");
    const weighted = measureOf(result, "accuracy");
    const width = (one: typeof plain): number => (one.high ?? 0) - (one.low ?? 0);
    expect(width(weighted)).toBeGreaterThan(width(plain));
  });

  test("a class never predicted and one that never occurs", async () => {
    const truth = [...Array(10).fill("cat"), ...Array(6).fill("dog"), ...Array(4).fill("owl")];
    const said = [
      ...Array(8).fill("cat"),
      ...Array(2).fill("dog"),
      ...Array(5).fill("dog"),
      "cat",
      ...Array(2).fill("dog"),
      "cat",
      "emu",
    ];
    const result = await audit({ truth, said }, { label: "truth", prediction: "said" });
    expect(measureOf(result, "precision", { class: "owl" })).toMatchObject({
      value: null,
      reason: "class never predicted",
    });
    expect(measureOf(result, "recall", { class: "emu" })).toMatchObject({ value: null, reason: "class has no rows" });
    expect(value(result, "precision", "emu")).toBe(0);
    expect(value(result, "precision-macro")).toBeCloseTo(0.3388888888888889, 14);
    expect(measureOf(result, "precision-macro").reason).toContain('counted as 0: "owl"');
    expect(value(result, "recall-macro")).toBeCloseTo(0.4083333333333333, 14);
    expect(value(result, "f1-macro")).toBeCloseTo(0.3666666666666667, 14);
    expect(value(result, "f1-weighted")).toBeCloseTo(0.6, 14);
    expect(value(result, "mcc")).toBeCloseTo(0.4558813000027711, 14);
    expect(value(result, "balanced-accuracy")).toBeCloseTo(0.5444444444444444, 14);
    expect(result.findings.map((finding) => finding.id)).toEqual(["accuracy", "thin-classes", "never-predicted"]);
    // Class names stand apart from the Chinese around them.
    expect(result.findings.find((one) => one.id === "thin-classes")?.text["zh-CN"]).toMatch(/标签为 \S.*\S 的行不足/);
  });
});

describe("one code path at every size", () => {
  const random = (row: number): number => finalise(row + 99) / 2 ** 32;
  const cells = {
    label: Array.from({ length: 500 }, (_, row) => (random(row) < 0.4 ? "1" : random(row) < 0.97 ? "0" : null)),
    decision: Array.from({ length: 500 }, (_, row) => (random(row + 1) < 0.5 ? "1" : "0")),
    score: Array.from({ length: 500 }, (_, row) => (row % 50 === 0 ? null : Math.round(random(row + 2) * 40) / 40)),
    weight: Array.from({ length: 500 }, (_, row) => (row % 90 === 0 ? null : 1 + Math.round(random(row + 3) * 3) / 3)),
  };
  const columns = { label: "label", decision: "decision", score: "score" } satisfies PlanInput["columns"];

  test.each([false, true])("1, 7 and 64 shards give one result (weights: %s)", async (weighted) => {
    const roles = weighted ? { ...columns, weight: "weight" } : columns;
    const settings = { replicates: 300 };
    const one = await audit(cells, roles, { settings });
    for (const shards of [7, 64]) expect(await audit(cells, roles, { settings, shards })).toEqual(one);
    expect(one.summary).toMatch(/^sha256:/);
  });

  test("a table of counts gives what its rows give", async () => {
    const counts = cells.label.map((_, row) => (row % 5 === 0 ? 0 : row % 4));
    const repeat = <T>(values: readonly T[]): T[] =>
      values.flatMap((one, row) => new Array<T>(counts[row] ?? 0).fill(one));
    const settings = { replicates: 300 };
    const byCounts = await audit(cells, columns, { settings, counts });
    const byRows = await audit(
      { label: repeat(cells.label), decision: repeat(cells.decision), score: repeat(cells.score) },
      columns,
      { settings },
    );
    expect(byCounts).toEqual(byRows);
  });

  test("rows without label, score or weight are left out and counted", async () => {
    const result = await audit(cells, { ...columns, weight: "weight" }, { settings: { replicates: 300 } });
    const complete = cells.label.filter((one, row) => one !== null && cells.weight[row] !== null).length;
    expect(value(result, "count")).toBe(complete);
    expect(value(result, "missing-count")).toBe(500 - complete);
    const scored = cells.label.filter(
      (one, row) => one !== null && cells.weight[row] !== null && cells.score[row] !== null,
    ).length;
    expect(measureOf(result, "roc-auc").n).toBe(scored);
    expect(result.findings.some((finding) => finding.id === "missing")).toBe(true);
  });
});

describe("what cannot be known has a reason", () => {
  test("a score that is no probability keeps its ranking and loses its calibration", async () => {
    const result = await audit(
      { label: ["1", "0", "1", "0"], score: [9, 2, 5, 5] },
      { label: "label", score: "score" },
    );
    expect(value(result, "roc-auc")).toBe(0.875);
    for (const metric of ["brier-score", "log-loss", "expected-calibration-error"]) {
      expect(measureOf(result, metric)).toMatchObject({
        value: null,
        reason: "score outside [0, 1] is no probability",
      });
    }
    expect(result.figures.map((figure) => figure.id)).toEqual(["roc", "scores"]);
    expect(result.findings.find((finding) => finding.id === "calibration")?.verdict).toBe("info");
  });

  test("one class only", async () => {
    const result = await audit(
      { label: ["0", "0"], decision: ["0", "0"], score: [0.1, 0.3] },
      { label: "label", decision: "decision", score: "score" },
    );
    expect(measureOf(result, "roc-auc")).toMatchObject({ value: null, reason: "rows of only one label" });
    expect(measureOf(result, "mcc").value).toBeNull();
    expect(measureOf(result, "accuracy")).toMatchObject({ value: 1, high: 1 });
    expect(measureOf(result, "accuracy").low ?? 1).toBeLessThan(0.4);
  });

  test("no error seen is not certainty", async () => {
    const texts = Array.from({ length: 20 }, (_, row) => String(row % 2));
    const result = await audit(
      { label: texts, decision: texts, score: texts.map(Number) },
      { label: "label", decision: "decision", score: "score" },
    );
    for (const metric of [
      "accuracy",
      "mcc",
      "cohen-kappa",
      "f1-macro",
      "f1-weighted",
      "balanced-accuracy",
      "roc-auc",
    ]) {
      const one = measureOf(result, metric);
      expect(one.value, metric).toBe(1);
      expect(one.low ?? 1, metric).toBeLessThan(0.95);
    }
    for (const metric of ["brier-score", "log-loss"]) {
      expect(measureOf(result, metric).high ?? 0, metric).toBeGreaterThan(0.1);
    }
  });

  test("a score on an edge belongs to the calibration bin below, as the setting says", async () => {
    const result = await audit(
      { label: ["0", "1"], score: [0.15, 0.2] },
      { label: "label", score: "score" },
      { settings: { bins: 5 } },
    );
    // Both in (0, 0.2]: |0.5 − 0.175|.
    expect(value(result, "expected-calibration-error")).toBeCloseTo(0.325, 14);
    for (const text of Object.values(classification.text)) expect(text.settings.bins?.help).toContain("(lo, hi]");
  });

  test("no rows at all", async () => {
    const result = await audit(
      { label: [null], decision: ["1"], score: [0.4] },
      { label: "label", decision: "decision", score: "score" },
    );
    expect(value(result, "count")).toBe(0);
    expect(measureOf(result, "accuracy").value).toBeNull();
    expect(measureOf(result, "log-loss").value).toBeNull();
  });

  test("a regression's output is not taken for classes", async () => {
    const numbers = Array.from({ length: 300 }, (_, row) => String(row / 7));
    const result = await audit({ y: numbers, said: numbers }, { label: "y", prediction: "said" }, { shards: 5 });
    expect(measureOf(result, "accuracy").value).toBeNull();
    expect(measureOf(result, "accuracy").reason).toContain("more than 200 classes");
  });

  test("a negative weight is refused", async () => {
    await expect(
      audit({ label: ["1"], decision: ["1"], w: [-1] }, { label: "label", decision: "decision", weight: "w" }),
    ).rejects.toThrow(/weight -1 in row 1/);
  });
});
