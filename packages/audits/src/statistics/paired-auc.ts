import { CompensatedSum } from "./compensated-sum.ts";
import type { Interval } from "./interval.ts";
import { criticalValue, normalCdf } from "./normal.ts";
import { unseenInterval, unseenP } from "./unseen.ts";

/** Rows that two scores were given to. */
export interface ScoredPairs {
  /** f64[rows] */
  readonly a: Float64Array;
  readonly b: Float64Array;
  /** u8[rows]: 1 positive, 0 negative. */
  readonly labels: Uint8Array;
  /** f64[rows], all above 0; null where rows carry none. */
  readonly weights: Float64Array | null;
}

export interface PairedAuc {
  /** AUC of b less that of a. */
  readonly value: number;
  readonly standardError: number;
  readonly interval: Interval;
  /** Two-sided, of no difference. */
  readonly p: number;
}

/**
 * The difference of two areas under the ROC curve on the same rows, by the differences of each row's structural components: its
 * share of the other label's rows that it is ranked rightly against, ties counted half. Weighted rows: each counts by its share
 * of its label. The statistic is the normal's: in draws of scores that are equally good its size at 0.05 stays from 0.01 to 0.064,
 * down to eight rows of a label, and is lowest where scores hardly differ or are nearly perfect. Null where a label has no rows.
 *
 * E. R. DeLong, D. M. DeLong and D. L. Clarke-Pearson, Biometrics 44 (1988) 837–845, doi:10.2307/2531595.
 */
export function pairedAuc(rows: ScoredPairs, confidence: number): PairedAuc | null {
  const { labels, weights } = rows;
  const placed = { a: placements(rows.a, labels, weights), b: placements(rows.b, labels, weights) };
  const sums = [new CompensatedSum(), new CompensatedSum()] as const;
  const totals = [0, 0];
  const counts = [0, 0];
  for (const [row, label] of labels.entries()) {
    const weight = weights?.[row] ?? 1;
    sums[label === 1 ? 1 : 0].add(weight * ((placed.b[row] ?? 0) - (placed.a[row] ?? 0)));
    totals[label] = (totals[label] ?? 0) + weight;
    counts[label] = (counts[label] ?? 0) + 1;
  }
  const [negatives = 0, positives = 0] = counts;
  if (negatives === 0 || positives === 0) return null;
  const means = [sums[0].value / (totals[0] ?? 1), sums[1].value / (totals[1] ?? 1)];
  // Both labels tell the same difference.
  const value = means[1] ?? 0;
  const squares = [new CompensatedSum(), new CompensatedSum()] as const;
  for (const [row, label] of labels.entries()) {
    const weight = weights?.[row] ?? 1;
    const stray = (placed.b[row] ?? 0) - (placed.a[row] ?? 0) - (means[label] ?? 0);
    squares[label === 1 ? 1 : 0].add(weight * weight * stray * stray);
  }
  const rarer = Math.min(negatives, positives);
  const variance = [0, 1].reduce((sum, label) => {
    const n = counts[label] ?? 0;
    return sum + ((squares[label === 1 ? 1 : 0].value / (totals[label] ?? 1) ** 2) * n) / (n - 1);
  }, 0);
  // Rounding leaves dust where the variance is 0; one row of a label shows no spread.
  if (rarer < 2 || !(variance > 1e-24)) {
    return {
      value,
      standardError: rarer < 2 ? Number.NaN : 0,
      interval: rarer < 2 ? { low: -1, high: 1 } : unseenInterval(value, rarer, confidence, -1, 1),
      p: unseenP(value, rarer),
    };
  }
  const standardError = Math.sqrt(variance);
  const half = criticalValue(confidence) * standardError;
  return {
    value,
    standardError,
    interval: { low: Math.max(-1, value - half), high: Math.min(1, value + half) },
    p: Math.min(1, 2 * normalCdf(-Math.abs(value) / standardError)),
  };
}

/** Each row's share of the other label's rows that it is ranked rightly against, ties counted half. */
function placements(scores: Float64Array, labels: Uint8Array, weights: Float64Array | null): Float64Array {
  const sides = [0, 1].map((label) => sorted(scores, labels, weights, label));
  return scores.map((score, row) => {
    const label = labels[row] ?? 0;
    const other = sides[1 - label];
    if (other === undefined) return 0;
    const below = other.sums[lowerBound(other.scores, score)] ?? 0;
    const upTo = other.sums[upperBound(other.scores, score)] ?? 0;
    const beaten = (below + upTo) / 2 / (other.sums.at(-1) ?? 1);
    return label === 1 ? beaten : 1 - beaten;
  });
}

/** One label's scores in rising order, and Σw of those before each place. */
function sorted(scores: Float64Array, labels: Uint8Array, weights: Float64Array | null, label: number) {
  if (weights === null) {
    const own = scores.filter((_, row) => labels[row] === label).sort();
    return { scores: own, sums: Float64Array.from({ length: own.length + 1 }, (_, index) => index) };
  }
  const rows = Uint32Array.from(scores.keys())
    .filter((row) => labels[row] === label)
    .sort((x, y) => (scores[x] ?? 0) - (scores[y] ?? 0));
  const sums = new Float64Array(rows.length + 1);
  for (const [index, row] of rows.entries()) sums[index + 1] = (sums[index] ?? 0) + (weights[row] ?? 0);
  return { scores: Float64Array.from(rows, (row) => scores[row] ?? 0), sums };
}

/** How many are below a value. */
function lowerBound(sortedScores: Float64Array, value: number): number {
  let [low, high] = [0, sortedScores.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sortedScores[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many are at most a value. */
function upperBound(sortedScores: Float64Array, value: number): number {
  let [low, high] = [0, sortedScores.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sortedScores[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
