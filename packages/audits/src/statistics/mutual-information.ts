import { log } from "@assay/compute";
import { gammaCdf } from "./gamma.ts";
import type { Interval } from "./interval.ts";

/** Mutual information of the two sides of a table of counts, in nats. */
export interface MutualInformation {
  readonly n: number;
  /** Σ p log(p / (pₓ pᵧ)) of the table as it stands: too large on average. */
  readonly plugIn: number;
  /** Less Miller and Madow's bias, 0 at least. */
  readonly corrected: number;
  /** Entropy of the columns' side, as it stands. */
  readonly columnEntropy: number;
  /** (rows in use − 1)(columns in use − 1). */
  readonly freedom: number;
  /** Of the true value; reaches 0 where an independence test would not reject. */
  readonly interval: Interval;
}

/**
 * Mutual information with its bias and spread.
 *
 * Bias: Miller–Madow, entropies short by (cells in use − 1)/2n each (G. A. Miller, Note on the bias of information estimates,
 * 1955; L. Paninski, Neural Computation 15 (2003) 1191–1253, doi:10.1162/089976603321780272).
 * Interval: under a true value m the estimate has about the mean m + f/2n and the variance s·m/n + f/2n², f the degrees
 * of freedom and s·m the delta method's variance, which vanishes with m; a gamma distribution of these moments is χ²/2n
 * at independence and normal far from it. The interval holds the m that the estimate does not contradict.
 *
 * @param table counts, row-major
 */
export function mutualInformation(
  table: ArrayLike<number>,
  rows: number,
  columns: number,
  confidence: number,
): MutualInformation {
  const rowSums = new Float64Array(rows);
  const columnSums = new Float64Array(columns);
  let n = 0;
  let cells = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const count = table[row * columns + column] ?? 0;
      rowSums[row] = (rowSums[row] ?? 0) + count;
      columnSums[column] = (columnSums[column] ?? 0) + count;
      n += count;
      if (count > 0) cells++;
    }
  }
  let first = 0;
  let second = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const count = table[row * columns + column] ?? 0;
      if (count === 0) continue;
      const pointwise = log((count / (rowSums[row] ?? 1)) * (n / (columnSums[column] ?? 1)));
      first += (count / n) * pointwise;
      second += (count / n) * pointwise * pointwise;
    }
  }
  const used = (sums: Float64Array): number => sums.reduce((many, sum) => many + (sum > 0 ? 1 : 0), 0);
  const rowsUsed = used(rowSums);
  const columnsUsed = used(columnSums);
  const plugIn = Math.max(0, first);
  const freedom = Math.max(0, (rowsUsed - 1) * (columnsUsed - 1));
  const bias = n > 0 ? (cells - rowsUsed - columnsUsed + 1) / (2 * n) : 0;
  let columnEntropy = 0;
  for (const sum of columnSums) if (sum > 0) columnEntropy -= (sum / n) * log(sum / n);
  const corrected = freedom === 0 ? 0 : Math.max(0, plugIn - bias);
  // Near independence the pointwise variance is twice the information.
  const slope = plugIn > 1e-12 ? Math.max(0, second - first * first) / plugIn : 2;
  const interval =
    freedom === 0 || n === 0 ? { low: 0, high: 0 } : invert(plugIn, slope, freedom, n, corrected, confidence);
  return { n, plugIn, corrected, columnEntropy, freedom, interval };
}

function invert(
  plugIn: number,
  slope: number,
  freedom: number,
  n: number,
  corrected: number,
  confidence: number,
): Interval {
  /** P(estimate ≤ the one seen) under a true value m. */
  const below = (m: number): number => {
    const mean = m + freedom / (2 * n);
    const variance = (slope * m) / n + freedom / (2 * n * n);
    return gammaCdf((plugIn * mean) / variance, (mean * mean) / variance);
  };
  const solve = (share: number): number => {
    if (below(0) <= share) return 0;
    let low = 0;
    let high = Math.max(plugIn, 1 / n) * 2;
    while (below(high) > share) {
      low = high;
      high *= 2;
    }
    for (let step = 0; step < 80; step++) {
      const middle = (low + high) / 2;
      if (below(middle) > share) low = middle;
      else high = middle;
    }
    return (low + high) / 2;
  };
  const tail = (1 - confidence) / 2;
  return { low: Math.min(solve(1 - tail), corrected), high: Math.max(solve(tail), corrected) };
}
