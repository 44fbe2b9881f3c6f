import type { Measure } from "@assay/schema";
import { type ClassTable, classSums, effectiveRows, hold } from "../../metrics/classes/index.ts";
import type { Interval } from "../../statistics/interval.ts";
import { criticalValue, normalCdf } from "../../statistics/normal.ts";
import { pairedGain } from "../../statistics/paired-gain.ts";
import { wilson } from "../../statistics/wilson.ts";
import { noRow, onlyWeightless } from "./unknown.ts";

/**
 * What the prediction is worth against always saying the commonest class: the baseline's accuracy, and the gain over it
 * on the same rows, both with interval.
 */
export function accuracyGain(table: ClassTable, confidence: number): Measure[] {
  const rows = table.counts.reduce((sum, count) => sum + count, 0);
  const sums = classSums(table.classes, table.weights?.sums ?? table.counts);
  if (!(sums.total > 0)) {
    const reason = rows > 0 ? onlyWeightless : noRow;
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
  const effective = effectiveRows(table);
  const scale = effective / sums.total;
  const paired = pairedGain(better * scale, worse * scale, effective, confidence);
  const spread = table.weights
    ? linearised(gain, { better: betterSquares, worse: worseSquares, all: squares }, sums.total, effective, confidence)
    : null;
  // Weighted rows may show no spread, as where one class is all there is: what so few may have left unseen is let in.
  const found = spread && width(spread.interval) > width(paired.interval) ? spread : null;
  const { interval, p } = found ?? paired;
  return [
    {
      metric: "accuracy-gain",
      value: gain,
      ...hold(interval, gain),
      confidence,
      n: rows,
      p,
      method: found ? "linearised" : table.weights ? "agresti-min-effective" : "agresti-min",
    },
    {
      metric: "baseline-accuracy",
      value: baseline,
      ...hold(wilson(baseline * effective, effective, confidence), baseline),
      confidence,
      n: rows,
      method: table.weights ? "wilson-effective" : "wilson",
    },
  ];
}

const width = ({ low, high }: Interval): number => high - low;

/** Of weighted rows; each scores 1, −1 or 0, and the gain is their weighted mean. Null where they show no spread. */
function linearised(
  gain: number,
  squares: { readonly better: number; readonly worse: number; readonly all: number },
  total: number,
  effective: number,
  confidence: number,
): { interval: Interval; p: number } | null {
  if (effective < 2) return null;
  const variance =
    ((squares.better * (1 - gain) ** 2 +
      squares.worse * (1 + gain) ** 2 +
      (squares.all - squares.better - squares.worse) * gain ** 2) /
      total ** 2) *
    (effective / (effective - 1));
  if (!(variance > 0)) return null;
  const half = criticalValue(confidence) * Math.sqrt(variance);
  return {
    interval: { low: Math.max(-1, gain - half), high: Math.min(1, gain + half) },
    p: 2 * normalCdf(-Math.abs(gain) / Math.sqrt(variance)),
  };
}
