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
