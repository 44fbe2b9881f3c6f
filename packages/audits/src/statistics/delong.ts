import { CompensatedSum } from "./compensated-sum.ts";
import type { Interval } from "./interval.ts";
import { logitInterval } from "./logit-interval.ts";
import { criticalValue } from "./normal.ts";
import type { ScoreCurve } from "./score-curve.ts";

export interface Auc extends Interval {
  readonly value: number;
  readonly standardError: number;
  readonly method: "delong-logit" | "newcombe";
  /** The interval at another level. */
  readonly at: (confidence: number) => Interval;
}

/**
 * Area under the ROC curve, ties counted half, with DeLong's variance from one pass over the sorted unique scores and an
 * interval on the logit scale. Weighted rows: the same structural components, with each row's share of its class.
 * Where DeLong's variance vanishes (perfect separation, one score only, one row in a class), Newcombe's interval.
 * Null where a class has no rows.
 *
 * E. R. DeLong, D. M. DeLong and D. L. Clarke-Pearson, Biometrics 44 (1988) 837–845, doi:10.2307/2531595.
 * M. S. Pepe, The Statistical Evaluation of Medical Tests (2003), section 5.2.5 (logit scale).
 */
export function deLong(curve: ScoreCurve, confidence: number): Auc | null {
  const { positive, negative, positiveSquares, negativeSquares, totals } = curve;
  if (!(totals.positive > 0) || !(totals.negative > 0)) return null;
  const wins = new CompensatedSum();
  let below = 0;
  for (let index = 0; index < positive.length; index++) {
    const here = negative[index] ?? 0;
    wins.add((positive[index] ?? 0) * (below + here / 2));
    below += here;
  }
  const value = wins.value / totals.positive / totals.negative;

  const fromPositive = new CompensatedSum();
  const fromNegative = new CompensatedSum();
  let negativesBelow = 0;
  let positivesBelow = 0;
  for (let index = 0; index < positive.length; index++) {
    const up = positive[index] ?? 0;
    const down = negative[index] ?? 0;
    const beaten = (negativesBelow + down / 2) / totals.negative - value;
    const beating = (totals.positive - positivesBelow - up / 2) / totals.positive - value;
    fromPositive.add((positiveSquares[index] ?? 0) * beaten * beaten);
    fromNegative.add((negativeSquares[index] ?? 0) * beating * beating);
    negativesBelow += down;
    positivesBelow += up;
  }
  const { positiveRows, negativeRows } = totals;
  const variance =
    (fromPositive.value / totals.positive ** 2) * (positiveRows / (positiveRows - 1)) +
    (fromNegative.value / totals.negative ** 2) * (negativeRows / (negativeRows - 1));
  // Rounding leaves dust where the variance is 0.
  const standardError = variance > 1e-24 ? Math.sqrt(variance) : 0;
  if (logitInterval(value, standardError, confidence)) {
    const at = (level: number): Interval => logitInterval(value, standardError, level) ?? { low: 0, high: 1 };
    return { value, standardError, ...at(confidence), method: "delong-logit", at };
  }
  const effective = (rows: number, weight: number, squares: Float64Array): number => {
    let sum = 0;
    for (const square of squares) sum += square;
    return sum > 0 ? Math.min(rows, (weight * weight) / sum) : rows;
  };
  const ups = effective(positiveRows, totals.positive, positiveSquares);
  const downs = effective(negativeRows, totals.negative, negativeSquares);
  const at = (level: number): Interval => newcombeAuc(value, ups, downs, level);
  return { value, standardError, ...at(confidence), method: "newcombe", at };
}

/**
 * The interval of an AUC by Hanley and McNeil's variance at the true value, solved for it: defined for every table.
 * R. G. Newcombe, Statistics in Medicine 25 (2006) 559–573 (method 5), doi:10.1002/sim.2324.
 */
export function newcombeAuc(value: number, positives: number, negatives: number, confidence: number): Interval {
  const z = criticalValue(confidence);
  const half = (positives + negatives) / 2 - 1;
  const spread = (auc: number): number =>
    z *
    Math.sqrt(
      ((auc * (1 - auc)) / (positives * negatives)) * (1 + (half * (1 - auc)) / (2 - auc) + (half * auc) / (1 + auc)),
    );
  const solve = (end: 0 | 1): number => {
    let inside = value;
    let outside: number = end;
    for (let step = 0; step < 100; step++) {
      const middle = (inside + outside) / 2;
      if (Math.abs(middle - value) <= spread(middle)) inside = middle;
      else outside = middle;
    }
    return (inside + outside) / 2;
  };
  return { low: value === 0 ? 0 : solve(0), high: value === 1 ? 1 : solve(1) };
}
