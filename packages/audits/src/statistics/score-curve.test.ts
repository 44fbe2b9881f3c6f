import { describe, expect, test } from "vitest";
import { averagePrecision } from "./average-precision.ts";
import { deLong, newcombeAuc } from "./delong.ts";
import { meanLoss } from "./moment-interval.ts";
import { reliabilityBins } from "./reliability.ts";
import { isProbability, rocPoints, type ScoreCurve, scoreCurve } from "./score-curve.ts";

type Row = readonly [score: number, label: 0 | 1, weight: number];

/** Twenty rows with ties; the same as in the script that made the expected values. */
const rows: readonly Row[] = [
  [0.1, 0, 1],
  [0.1, 1, 2],
  [0.2, 0, 0.5],
  [0.2, 0, 1.5],
  [0.35, 1, 1],
  [0.4, 0, 3],
  [0.4, 1, 0.25],
  [0.4, 1, 2],
  [0.5, 0, 1],
  [0.6, 1, 1],
  [0.6, 0, 0.75],
  [0.7, 1, 2],
  [0.8, 1, 1],
  [0.8, 1, 1],
  [0.8, 0, 0.5],
  [0.95, 1, 4],
  [0.2, 0, 1],
  [0.1, 0, 2],
  [0.35, 0, 1],
  [0.95, 1, 0.5],
];

function curveOf(list: readonly Row[], weighted: boolean): ScoreCurve {
  const sorted = [...list].sort((a, b) => a[0] - b[0] || a[2] - b[2]);
  return scoreCurve({
    scores: Float64Array.from(sorted, (row) => row[0]),
    weights: weighted ? Float64Array.from(sorted, (row) => row[2]) : null,
    positive: sorted.map((row) => row[1]),
    negative: sorted.map((row) => 1 - row[1]),
  });
}

const logLoss = (score: number, label: 0 | 1): number => -Math.log(label === 1 ? score : 1 - score);
const brier = (score: number, label: 0 | 1): number => (score - label) ** 2;

/** Expected values: scikit-learn 1.9.1 (`roc_auc_score`, `average_precision_score`, `log_loss`, `brier_score_loss`). */
describe("score metrics agree with scikit-learn", () => {
  test.each([
    [false, 0.76, 0.7659523809523809, 0.5820999495167103, 0.198],
    [true, 0.7893462469733656, 0.8439691497802966, 0.5463624100077266, 0.18060185185185185],
  ])("weighted: %s", (weighted, auc, precision, loss, squared) => {
    const curve = curveOf(rows, weighted);
    expect(deLong(curve, 0.95)?.value).toBeCloseTo(auc, 14);
    expect(averagePrecision(curve, 0.95)?.value).toBeCloseTo(precision, 14);
    expect(meanLoss(curve, logLoss, 0.95, 0, Number.POSITIVE_INFINITY)?.value).toBeCloseTo(loss, 14);
    expect(meanLoss(curve, brier, 0.95, 0, 1)?.value).toBeCloseTo(squared, 14);
  });

  test("bins as calibration_curve does, edges to the bin below", () => {
    const bins = reliabilityBins(curveOf(rows, false), 15);
    const error = bins.reduce((sum, bin) => sum + (bin.rows / 20) * Math.abs(bin.rate - bin.score), 0);
    expect(error).toBeCloseTo(0.195, 14);
    expect(bins.reduce((sum, bin) => sum + bin.rows, 0)).toBe(20);
    const edge = reliabilityBins(
      curveOf(
        [
          [0.5, 1, 1],
          [0, 0, 1],
          [1, 1, 1],
        ],
        false,
      ),
      2,
    );
    expect(edge.map((bin) => bin.rows)).toEqual([2, 1]);
  });
});

describe("spread of score metrics", () => {
  test("DeLong's variance equals that of the placement values, pair by pair", () => {
    // numpy: var(V10, ddof=1)/m + var(V01, ddof=1)/n over the 10 × 10 pairs = 0.0127.
    const auc = deLong(curveOf(rows, false), 0.95);
    expect((auc?.standardError ?? 0) ** 2).toBeCloseTo(0.0127, 14);
    expect(auc?.method).toBe("delong-logit");
  });

  test("Newcombe's interval solves his equation", () => {
    // scipy, brentq on method 5.
    const perfect = newcombeAuc(1, 5, 8, 0.95);
    expect(perfect.low).toBeCloseTo(0.6964363811281588, 9);
    expect(perfect.high).toBe(1);
    const good = newcombeAuc(0.9, 20, 30, 0.95);
    expect(good.low).toBeCloseTo(0.7642509184409757, 9);
    expect(good.high).toBeCloseTo(0.958833499100763, 9);
  });

  test("weights that are all equal change nothing", () => {
    const plain = curveOf(rows, false);
    const doubled = curveOf(
      rows.map(([score, label]) => [score, label, 2]),
      true,
    );
    for (const of of [deLong, averagePrecision]) {
      expect(of(doubled, 0.9)?.low).toBeCloseTo(of(plain, 0.9)?.low ?? Number.NaN, 12);
      expect(of(doubled, 0.9)?.high).toBeCloseTo(of(plain, 0.9)?.high ?? Number.NaN, 12);
    }
    expect(meanLoss(doubled, brier, 0.9, 0, 1)?.low).toBeCloseTo(meanLoss(plain, brier, 0.9, 0, 1)?.low ?? 0, 12);
  });

  test("average precision's influence function is its jackknife", () => {
    // 2,000 rows from a congruential generator: leave-one-out standard error against the influence function's.
    let state = 12345;
    const next = (): number => {
      state = (Math.imul(1103515245, state) + 12345) >>> 0;
      return (state >>> 8) / 2 ** 24;
    };
    const many = Array.from({ length: 600 }, (): Row => {
      const label = next() < 0.3 ? 1 : 0;
      return [Math.round((next() + next() + label * 0.5) * 40) / 100, label, 1];
    });
    const estimate = averagePrecision(curveOf(many, false), 0.95);
    const left = many.map((_, out) => {
      const without = curveOf(
        many.filter((__, index) => index !== out),
        false,
      );
      return averagePrecision(without, 0.95)?.value ?? Number.NaN;
    });
    const mean = left.reduce((sum, value) => sum + value, 0) / left.length;
    const jackknife = Math.sqrt(
      ((left.length - 1) / left.length) * left.reduce((sum, value) => sum + (value - mean) ** 2, 0),
    );
    expect(Math.abs((estimate?.standardError ?? 0) / jackknife - 1)).toBeLessThan(0.02);
  });
});

describe("little or degenerate data has a defined answer", () => {
  test("one class only", () => {
    const onlyPositive = curveOf(
      [
        [0.3, 1, 1],
        [0.4, 1, 1],
      ],
      false,
    );
    expect(deLong(onlyPositive, 0.95)).toBeNull();
    expect(rocPoints(onlyPositive, 512)).toBeNull();
    const onlyNegative = curveOf([[0.3, 0, 1]], false);
    expect(averagePrecision(onlyNegative, 0.95)).toBeNull();
  });

  test("perfect separation is not certainty", () => {
    const curve = curveOf(
      [
        [0.1, 0, 1],
        [0.2, 0, 1],
        [0.8, 1, 1],
        [0.9, 1, 1],
      ],
      false,
    );
    const auc = deLong(curve, 0.95);
    expect(auc).toMatchObject({ value: 1, high: 1, method: "newcombe" });
    expect(auc?.low).toBeLessThan(0.7);
    const precision = averagePrecision(curve, 0.95);
    expect(precision).toMatchObject({ value: 1, method: "wilson" });
    expect(precision?.low).toBeLessThan(0.5);
  });

  test("constant scores", () => {
    const curve = curveOf(
      [
        [0.5, 0, 1],
        [0.5, 1, 1],
        [0.5, 1, 1],
      ],
      false,
    );
    expect(deLong(curve, 0.95)).toMatchObject({ value: 0.5, method: "newcombe" });
    expect(averagePrecision(curve, 0.95)?.value).toBeCloseTo(2 / 3, 15);
  });

  test("a single row", () => {
    const curve = curveOf([[0.5, 1, 1]], false);
    expect(meanLoss(curve, brier, 0.95, 0, 1)).toMatchObject({ value: 0.25, low: 0, high: 1 });
  });

  test("scores outside [0, 1] are no probabilities", () => {
    expect(isProbability(curveOf(rows, false))).toBe(true);
    expect(isProbability(curveOf([[3, 1, 1]], false))).toBe(false);
    expect(isProbability(curveOf([], false))).toBe(false);
  });

  test("a long ROC curve is thinned and keeps its ends", () => {
    const many = Array.from({ length: 5000 }, (_, index): Row => [index / 5000, index % 3 === 0 ? 1 : 0, 1]);
    const points = rocPoints(curveOf(many, false), 512) ?? [];
    expect(points.length).toBeLessThanOrEqual(512);
    expect(points.length).toBeGreaterThan(400);
    expect(points[0]).toEqual([0, 0]);
    expect(points.at(-1)).toEqual([1, 1]);
  });
});

test("rows of weight 0 move no number and make no threshold; they stay rows", () => {
  const all = scoreCurve({
    scores: Float64Array.of(0.1, 0.4, 0.4, 0.7, 0.9),
    weights: Float64Array.of(0, 0, 2, 3, 0),
    positive: Uint8Array.of(1, 0, 0, 1, 0),
    negative: Uint8Array.of(0, 1, 1, 0, 1),
  });
  const heavy = scoreCurve({
    scores: Float64Array.of(0.4, 0.7),
    weights: Float64Array.of(2, 3),
    positive: Uint8Array.of(0, 1),
    negative: Uint8Array.of(1, 0),
  });
  expect(all).toEqual({ ...heavy, totals: { ...heavy.totals, positiveRows: 2, negativeRows: 3 } });
  expect(averagePrecision(all, 0.95)?.value).toBe(1);
});
