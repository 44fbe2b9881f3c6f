import type { Interval } from "../../statistics/interval.ts";
import type { ClassMetric, ClassSums } from "./class-metric.ts";
import { type ClassTable, classSums } from "./class-table.ts";

/** Rows' worth of weight added to a table over its cells, so that a cell without rows has spread. */
const added = 2;

/** A metric of one table by the delta method. */
export interface Linearised {
  /** Of the table with the added rows. */
  readonly center: number;
  readonly standardError: number;
  /** What an unweighted table of the same precision would hold, over the same cells. */
  readonly counts: Float64Array;
  /** Interval at a critical value of the standard normal, inside the metric's range, taken on the scale of atanh or logit. */
  readonly interval: (z: number) => Interval;
}

/**
 * First-order variance Σ (∂f/∂W)² Σw² over cells, with two rows' worth spread over the cells that occur in any group
 * (`support`): in a table of two classes, half a row in each. K. M. Wolter, Introduction to Variance Estimation, 2nd ed. (2007),
 * chapter 6. Null where the metric has no value.
 */
export function linearise(metric: ClassMetric, table: ClassTable, support: readonly number[]): Linearised | null {
  const sums = table.weights?.sums ?? table.counts;
  const squares = table.weights?.squares ?? table.counts;
  let all = 0;
  let allSquares = 0;
  for (const cell of support) {
    all += sums[cell] ?? 0;
    allSquares += squares[cell] ?? 0;
  }
  if (!metric.slopes || !(all > 0) || support.length === 0) return null;
  const row = allSquares / all;
  const more = (row * added) / support.length;
  const padded = new Float64Array(sums.length);
  for (const cell of support) padded[cell] = (sums[cell] ?? 0) + more;
  const totals = classSums(table.classes, padded);
  const center = metric.formula(totals);
  const slopes = metric.slopes(totals);
  let variance = 0;
  let plain = 0;
  for (const cell of support) {
    const truth = Math.floor(cell / table.classes);
    const predicted = cell % table.classes;
    const slope =
      (truth === predicted ? (slopes.right[truth] ?? 0) : 0) +
      (slopes.truth[truth] ?? 0) +
      (slopes.predicted[predicted] ?? 0) +
      slopes.total;
    variance += slope * slope * ((squares[cell] ?? 0) + more * row);
    plain += slope * slope * (padded[cell] ?? 0);
  }
  if (!Number.isFinite(center) || !(variance > 0)) return null;
  const standardError = Math.sqrt(variance);
  const rows = table.weights ? Math.min(all / row, (plain * totals.total) / variance) : all;
  const counts = new Float64Array(sums.length);
  for (const cell of support) counts[cell] = ((sums[cell] ?? 0) * rows) / all;
  const isSigned = metric.range[0] < 0;
  return { center, standardError, counts, interval: (z) => (isSigned ? onAtanh : onLogit)(center, z * standardError) };
}

function onAtanh(center: number, reach: number): Interval {
  const half = reach / (1 - center * center);
  const middle = Math.atanh(center);
  return { low: Math.tanh(middle - half), high: Math.tanh(middle + half) };
}

function onLogit(center: number, reach: number): Interval {
  // tanh of half the logit: the same scale, and no overflow.
  const half = reach / (center * (1 - center)) / 2;
  const middle = Math.atanh(2 * center - 1);
  return { low: (1 + Math.tanh(middle - half)) / 2, high: (1 + Math.tanh(middle + half)) / 2 };
}

/** Sums of a table's cells from `start` on, with rows added to the cells of `support`, and the variance of a metric. */
export function studentise(
  metric: ClassMetric,
  classes: number,
  support: readonly number[],
  counts: ArrayLike<number>,
  start: number,
  into: ClassSums & { readonly right: Float64Array },
): { readonly value: number; readonly variance: number } {
  const more = added / support.length;
  const { right, truth, predicted } = into;
  right.fill(0);
  truth.fill(0);
  predicted.fill(0);
  let total = 0;
  for (const [place, cell] of support.entries()) {
    const count = (counts[start + place] ?? 0) + more;
    const row = Math.floor(cell / classes);
    const column = cell % classes;
    if (row === column) right[row] = count;
    truth[row] = (truth[row] ?? 0) + count;
    predicted[column] = (predicted[column] ?? 0) + count;
    total += count;
  }
  const sums = { total, right, truth, predicted };
  const slopes = metric.slopes?.(sums);
  if (!slopes) return { value: Number.NaN, variance: Number.NaN };
  let variance = 0;
  for (const [place, cell] of support.entries()) {
    const row = Math.floor(cell / classes);
    const column = cell % classes;
    const slope =
      (row === column ? (slopes.right[row] ?? 0) : 0) +
      (slopes.truth[row] ?? 0) +
      (slopes.predicted[column] ?? 0) +
      slopes.total;
    variance += slope * slope * ((counts[start + place] ?? 0) + more);
  }
  return { value: metric.formula(sums), variance };
}
