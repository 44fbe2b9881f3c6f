import type { Measure } from "@assay/schema";
import { type ClassTable, classSums } from "../../metrics/classes/index.ts";
import type { Interval } from "../../statistics/interval.ts";
import { criticalValue, normalCdf } from "../../statistics/normal.ts";
import { pairedGain } from "../../statistics/paired-gain.ts";
import { wilson } from "../../statistics/wilson.ts";

/**
 * What the prediction is worth against always saying the commonest class: the baseline's accuracy, and the gain over it
 * on the same rows, both with interval.
 */
export function accuracyGain(table: ClassTable, confidence: number): Measure[] {
  const rows = table.counts.reduce((sum, count) => sum + count, 0);
  const sums = classSums(table.classes, table.weights?.sums ?? table.counts);
  if (!(sums.total > 0)) {
    const reason = "no row with both label and prediction";
    return [
      { metric: "accuracy-gain", value: null, n: rows, reason },
      { metric: "baseline-accuracy", value: null, n: rows, reason },
    ];
  }
  const commonest = sums.truth.indexOf(Math.max(...sums.truth));
  let better = 0;
  let worse = 0;
  let betterSquares = 0;
  let worseSquares = 0;
  let squares = 0;
  for (let row = 0; row < table.classes; row++) {
    for (let column = 0; column < table.classes; column++) {
      const cell = row * table.classes + column;
      const weight = (table.weights?.sums ?? table.counts)[cell] ?? 0;
      const square = (table.weights?.squares ?? table.counts)[cell] ?? 0;
      squares += square;
      if (row === column && row !== commonest) {
        better += weight;
        betterSquares += square;
      } else if (row !== column && row === commonest) {
        worse += weight;
        worseSquares += square;
      }
    }
  }
  const baseline = (sums.truth[commonest] ?? 0) / sums.total;
  const gain = (better - worse) / sums.total;
  const effective = table.weights ? (sums.total * sums.total) / squares : rows;
  const { interval, p } = table.weights
    ? linearised(gain, { better: betterSquares, worse: worseSquares, all: squares }, sums.total, confidence)
    : pairedGain(better, worse, rows, confidence);
  return [
    {
      metric: "accuracy-gain",
      value: gain,
      ...interval,
      confidence,
      n: rows,
      p,
      method: table.weights ? "linearised" : "agresti-min",
    },
    {
      metric: "baseline-accuracy",
      value: baseline,
      ...wilson(baseline * effective, effective, confidence),
      confidence,
      n: rows,
      method: table.weights ? "wilson-effective" : "wilson",
    },
  ];
}

/** Of weighted rows; each scores 1, −1 or 0, and the gain is their weighted mean. */
function linearised(
  gain: number,
  squares: { readonly better: number; readonly worse: number; readonly all: number },
  total: number,
  confidence: number,
): { interval: Interval; p: number } {
  const variance =
    (squares.better * (1 - gain) ** 2 +
      squares.worse * (1 + gain) ** 2 +
      (squares.all - squares.better - squares.worse) * gain ** 2) /
    total ** 2;
  const half = criticalValue(confidence) * Math.sqrt(variance);
  return {
    interval: { low: Math.max(-1, gain - half), high: Math.min(1, gain + half) },
    p: variance > 0 ? 2 * normalCdf(-Math.abs(gain) / Math.sqrt(variance)) : 1,
  };
}
