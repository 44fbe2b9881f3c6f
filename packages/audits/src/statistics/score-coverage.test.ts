import { PhiloxStream } from "@assay/compute";
import { describe, expect, test } from "vitest";
import { averagePrecision } from "./average-precision.ts";
import { calibrationError } from "./calibration-error.ts";
import { deLong } from "./delong.ts";
import type { Interval } from "./interval.ts";
import { meanLoss } from "./moment-interval.ts";
import { mutualInformation } from "./mutual-information.ts";
import { type ScoreCurve, scoreCurve } from "./score-curve.ts";

/**
 * Simulated data with known truth. Bounds leave about four standard errors of the simulation below the coverage that larger
 * runs found (told beside each); an interval that is wrong by a factor of two in width falls below 0.7.
 */
type Row = readonly [score: number, label: 0 | 1];

function curveOf(rows: Row[]): ScoreCurve {
  rows.sort((a, b) => a[0] - b[0]);
  return scoreCurve({
    scores: Float64Array.from(rows, (row) => row[0]),
    weights: null,
    positive: rows.map((row) => row[1]),
    negative: rows.map((row) => 1 - row[1]),
  });
}

const holds = (interval: Interval | null, truth: number): boolean =>
  interval !== null && interval.low <= truth && truth <= interval.high;

describe("scores: two normals one deviation apart, 30 % positive, 200 rows", () => {
  const random = new PhiloxStream(1, 1);
  const draw = (rows: number): ScoreCurve =>
    curveOf(
      Array.from({ length: rows }, (): Row => {
        const label = random.uniform() < 0.3 ? 1 : 0;
        return [Math.round((random.normal() + label) * 1000) / 1000, label];
      }),
    );

  test("intervals of AUC and average precision cover", () => {
    // AUC = Φ(1/√2); average precision from 400,000 rows.
    const auc = 0.7602499389065233;
    const precision = averagePrecision(draw(300_000), 0.95)?.value ?? 0;
    const runs = 600;
    let [aucs, precisions] = [0, 0];
    for (let run = 0; run < runs; run++) {
      const curve = draw(200);
      if (holds(deLong(curve, 0.95), auc)) aucs++;
      if (holds(averagePrecision(curve, 0.95), precision)) precisions++;
    }
    // 2,000 runs: 0.954 and 0.945.
    expect(aucs / runs).toBeGreaterThan(0.92);
    expect(precisions / runs).toBeGreaterThan(0.905);
  });
});

describe("probabilities", () => {
  const random = new PhiloxStream(2, 1);
  const draw = (rows: number, most: number, truth: (score: number) => number): ScoreCurve =>
    curveOf(
      Array.from({ length: rows }, (): Row => {
        const score = random.uniform() * most;
        return [score, random.uniform() < truth(score) ? 1 : 0];
      }),
    );

  test("the interval of the Brier score covers where positives are rare", () => {
    // Scores uniform to 0.05 and true: E[s(1 − s)] = 0.025 − 0.05²/3.
    const truth = 0.025 - 0.0025 / 3;
    const runs = 600;
    let covered = 0;
    for (let run = 0; run < runs; run++) {
      const loss = meanLoss(
        draw(200, 0.05, (score) => score),
        (score, label) => (score - label) ** 2,
        0.95,
        0,
        1,
      );
      if (holds(loss, truth)) covered++;
    }
    // 1,500 runs: 0.967.
    expect(covered / runs).toBeGreaterThan(0.925);
  });

  const options = { bins: 15, confidence: 0.95, replicates: 200, stream: 5 };

  test("the calibration test keeps its level, and the interval reaches 0, where scores are true", () => {
    const runs = 160;
    let [rejected, covered] = [0, 0];
    for (let run = 0; run < runs; run++) {
      const error = calibrationError(
        draw(300, 1, (score) => score),
        { ...options, seed: run },
      );
      if (!error) continue;
      if (error.p <= 0.05) rejected++;
      if (error.interval.low === 0) covered++;
      expect(error.debiased).toBeLessThan(error.value);
    }
    // 1,500 runs: 0.035 to 0.057, and 0.98.
    expect(rejected / runs).toBeLessThan(0.13);
    expect(covered / runs).toBeGreaterThan(0.92);
  });

  test("the calibration interval covers a true error, spread over all bins or standing in one", () => {
    // Shrunken to 0.8 s the gap is 0.2 s, 0.1 on average; in one bin of fifteen, 0.4.
    const worlds = [
      { truth: 0.1, chance: (score: number) => 0.8 * score },
      { truth: 0.4 / 15, chance: (score: number) => (score > 0.4 && score <= 7 / 15 ? score + 0.4 : score) },
    ];
    for (const { truth, chance } of worlds) {
      const runs = 90;
      let covered = 0;
      for (let run = 0; run < runs; run++) {
        if (holds(calibrationError(draw(1000, 1, chance), { ...options, seed: run })?.interval ?? null, truth))
          covered++;
      }
      // 600 runs: 0.985 and 0.95.
      expect(covered / runs).toBeGreaterThan(0.86);
    }
  });
});

describe("mutual information of ten values and a decision", () => {
  const random = new PhiloxStream(3, 1);
  const values = 10;

  function coverage(effect: number, rows: number, runs: number): { covered: number; bias: number; truth: number } {
    const yes = Array.from({ length: values }, (_, index) => 0.4 + (index % 2 === 0 ? -effect : effect));
    const all = yes.reduce((sum, one) => sum + one, 0) / values;
    const truth = yes.reduce(
      (sum, one) => sum + (one * Math.log(one / all) + (1 - one) * Math.log((1 - one) / (1 - all))) / values,
      0,
    );
    let covered = 0;
    let sum = 0;
    for (let run = 0; run < runs; run++) {
      const table = new Float64Array(values * 2);
      for (let row = 0; row < rows; row++) {
        const value = random.integer(values);
        const cell = value * 2 + (random.uniform() < (yes[value] ?? 0) ? 1 : 0);
        table[cell] = (table[cell] ?? 0) + 1;
      }
      const { interval, corrected } = mutualInformation(table, values, 2, 0.95);
      if (holds(interval, Math.max(0, truth))) covered++;
      sum += corrected;
    }
    return { covered: covered / runs, bias: sum / runs - truth, truth };
  }

  test("the interval covers, and reaches 0 where the two are independent", () => {
    // 2,000 runs: 0.976 at independence, 0.943 to 0.955 elsewhere.
    expect(coverage(0, 500, 500).covered).toBeGreaterThan(0.945);
    expect(coverage(0.05, 500, 500).covered).toBeGreaterThan(0.905);
    const clear = coverage(0.2, 500, 500);
    expect(clear.covered).toBeGreaterThan(0.905);
    expect(Math.abs(clear.bias)).toBeLessThan(clear.truth * 0.05);
  });
});
