import { CompensatedSum } from "./compensated-sum.ts";
import type { Interval } from "./interval.ts";
import { logitInterval } from "./logit-interval.ts";
import type { ScoreCurve } from "./score-curve.ts";
import { wilson } from "./wilson.ts";

export interface AveragePrecision extends Interval {
  readonly value: number;
  readonly standardError: number;
  readonly method: "influence-logit" | "wilson";
  /** The interval at another level. */
  readonly at: (confidence: number) => Interval;
}

/**
 * Average precision, Σ (Rₖ − Rₖ₋₁) Pₖ over thresholds at the unique scores (scikit-learn's), with an interval from its
 * influence function on the logit scale. With A(c) = E[Y·1(S ≥ c)], B(c) = P(S ≥ c), π = E[Y] and AP = E[Y·A(S)/B(S)]/π,
 * a row (s, y) moves the numerator by
 *   y·A(s)/B(s) − E[Y·A/B] + E[Y·1(S ≤ s)·(y − A(S)/B(S))/B(S)]
 * and AP by (that − AP·(y − π))/π. Where the spread vanishes, Wilson's interval on the positives. Null without positives.
 *
 * K. Boyd, K. H. Eng and C. D. Page, ECML PKDD 2013, 451–466, doi:10.1007/978-3-642-40994-3_29 (logit scale, positives as
 * the sample); A. W. van der Vaart, Asymptotic Statistics (1998), chapter 20 (influence functions).
 */
export function averagePrecision(curve: ScoreCurve, confidence: number): AveragePrecision | null {
  const { positive, negative, positiveSquares, negativeSquares, totals } = curve;
  if (!(totals.positive > 0)) return null;
  const unique = positive.length;
  const weight = totals.positive + totals.negative;
  const share = totals.positive / weight;

  // From the top down: precision at every threshold, and the sum.
  const precision = new Float64Array(unique);
  const sum = new CompensatedSum();
  let hits = 0;
  let marked = 0;
  for (let index = unique - 1; index >= 0; index--) {
    const up = positive[index] ?? 0;
    hits += up;
    marked += up + (negative[index] ?? 0);
    const here = hits / marked;
    precision[index] = here;
    sum.add(up * here);
  }
  const value = Math.min(1, sum.value / totals.positive);

  // From the bottom up: what a row adds to the precision of every threshold at or below its score.
  const variance = new CompensatedSum();
  const numerator = value * share;
  let reach = 0;
  let pull = 0;
  let left = weight;
  for (let index = 0; index < unique; index++) {
    const up = positive[index] ?? 0;
    const here = precision[index] ?? 0;
    // up / weight is the mass of positives at this score, left / weight the share at or above it.
    reach += up / left;
    pull += (up / left) * here;
    left -= up + (negative[index] ?? 0);
    const onPositive = (here + reach - pull - numerator - value * (1 - share)) / share;
    const onNegative = (-pull - numerator + value * share) / share;
    variance.add((positiveSquares[index] ?? 0) * onPositive * onPositive);
    variance.add((negativeSquares[index] ?? 0) * onNegative * onNegative);
  }
  const rows = totals.positiveRows + totals.negativeRows;
  const spread = (variance.value / weight ** 2) * (rows / (rows - 1));
  const standardError = spread > 1e-24 ? Math.sqrt(spread) : 0;
  if (logitInterval(value, standardError, confidence)) {
    const at = (level: number): Interval => logitInterval(value, standardError, level) ?? { low: 0, high: 1 };
    return { value, standardError, ...at(confidence), method: "influence-logit", at };
  }
  const at = (level: number): Interval => wilson(value * totals.positiveRows, totals.positiveRows, level);
  return { value, standardError, ...at(confidence), method: "wilson", at };
}
