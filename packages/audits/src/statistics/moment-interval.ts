import { exp, log } from "@assay/compute";
import { CompensatedSum } from "./compensated-sum.ts";
import type { Interval } from "./interval.ts";
import type { ScoreCurve } from "./score-curve.ts";
import { studentQuantile } from "./student.ts";

export interface MeanLoss extends Interval {
  readonly value: number;
  readonly standardError: number;
  readonly method: "moments-log";
  /** The interval at another level. */
  readonly at: (confidence: number) => Interval;
}

/**
 * The mean of a loss over rows, with Student's interval on the log scale from its own variance, cut at `floor` and `ceiling`. Weighted rows:
 * the ratio mean and its linearised variance Σw²(loss − mean)² / (Σw)². Null where there are no rows.
 * @param loss of a score, for the positive and for the negative label
 */
export function meanLoss(
  curve: ScoreCurve,
  loss: (score: number, label: 0 | 1) => number,
  confidence: number,
  floor: number,
  ceiling: number,
): MeanLoss | null {
  const { scores, positive, negative, positiveSquares, negativeSquares, totals } = curve;
  const rows = totals.positiveRows + totals.negativeRows;
  const weight = totals.positive + totals.negative;
  if (!(weight > 0)) return null;
  const sum = new CompensatedSum();
  for (let index = 0; index < scores.length; index++) {
    const score = scores[index] ?? 0;
    const up = positive[index] ?? 0;
    const down = negative[index] ?? 0;
    if (up > 0) sum.add(up * loss(score, 1));
    if (down > 0) sum.add(down * loss(score, 0));
  }
  const value = sum.value / weight;
  const squares = new CompensatedSum();
  for (let index = 0; index < scores.length; index++) {
    const score = scores[index] ?? 0;
    const up = positiveSquares[index] ?? 0;
    const down = negativeSquares[index] ?? 0;
    if (up > 0) squares.add(up * (loss(score, 1) - value) ** 2);
    if (down > 0) squares.add(down * (loss(score, 0) - value) ** 2);
  }
  const told = (standardError: number, at: (level: number) => Interval): MeanLoss => ({
    value,
    standardError,
    ...at(confidence),
    method: "moments-log",
    at,
  });
  if (rows < 2) return told(Number.NaN, () => ({ low: floor, high: ceiling }));
  const standardError = Math.sqrt((squares.value / weight ** 2) * (rows / (rows - 1)));
  if (!(standardError > 0)) {
    return told(0, (level) => {
      // Rows that all lose the same say nothing of spread: a share 1 − (α/2)^(1/n) of others may be unseen.
      const unseen = 1 - exp(log((1 - level) / 2) / rows);
      return { low: value - unseen * (value - floor), high: value + unseen * (ceiling - value) };
    });
  }
  return told(standardError, (level) => {
    const half = studentQuantile(0.5 + level / 2, rows - 1) * standardError;
    // A loss is skewed where one label is rare: on the log scale the long tail gets the longer arm.
    const factor = exp(half / value);
    return { low: Math.max(floor, value / factor), high: Math.min(ceiling, value * factor) };
  });
}
