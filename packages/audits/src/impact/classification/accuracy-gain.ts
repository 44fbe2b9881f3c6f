import type { Measure } from "@assay/schema";
import { type ClassTable, classSums } from "../../metrics/classes/index.ts";
import { betaCdf } from "../../statistics/beta.ts";
import { criticalValue, normalCdf } from "../../statistics/normal.ts";
import { wilson } from "../../statistics/wilson.ts";

/**
 * What the prediction is worth against always saying the commonest class: the baseline's accuracy, and the gain over it
 * on the same rows. The gain's interval is Agresti and Min's for matched pairs (Statistics in Medicine 24 (2005) 729–740,
 * doi:10.1002/sim.1781), its p McNemar's exact one (Psychometrika 12 (1947) 153–157, doi:10.1007/BF02295996); weighted
 * rows: linearised, normal.
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
  const z = criticalValue(confidence);
  const effective = table.weights ? (sums.total * sums.total) / squares : rows;
  let interval: { low: number; high: number };
  let p: number;
  if (table.weights) {
    const variance =
      (betterSquares * (1 - gain) ** 2 +
        worseSquares * (1 + gain) ** 2 +
        (squares - betterSquares - worseSquares) * gain ** 2) /
      sums.total ** 2;
    const half = z * Math.sqrt(variance);
    interval = { low: Math.max(-1, gain - half), high: Math.min(1, gain + half) };
    p = variance > 0 ? 2 * normalCdf(-Math.abs(gain) / Math.sqrt(variance)) : 1;
  } else {
    const padded = rows + 2;
    const middle = (better - worse) / padded;
    const half = z * Math.sqrt(((better + worse + 1) / padded - middle * middle) / padded);
    interval = { low: Math.max(-1, Math.min(gain, middle - half)), high: Math.min(1, Math.max(gain, middle + half)) };
    p = mcNemarExact(better, worse);
  }
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

/** Two-sided p that two discordant counts come from a fair coin. */
function mcNemarExact(a: number, b: number): number {
  if (a === b) return 1;
  const least = Math.min(a, b);
  // P(X ≤ least), X ~ Binomial(a + b, ½), is an incomplete beta.
  return Math.min(1, 2 * betaCdf(0.5, a + b - least, least + 1));
}
