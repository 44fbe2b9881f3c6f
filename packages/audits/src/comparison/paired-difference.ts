import { estimate } from "../groups/estimate.ts";
import type { Metric } from "../metrics/index.ts";
import { criticalValue, type Interval, normalCdf, pairedGain } from "../statistics/index.ts";
import { pairedShare } from "./compared-metrics.ts";
import { exchangeReach } from "./exchange-reach.ts";
import { cellOf, confusionOf, type PairedGroup, pairedCells, type Side } from "./paired-cells.ts";
import { pairedVariance } from "./standard-error.ts";

/** A metric of both sides over the same rows. */
export interface PairedDifference {
  readonly a: SideEstimate;
  readonly b: SideEstimate;
  /** b − a; NaN where a side is not defined. */
  readonly value: number;
  readonly interval: Interval | null;
  readonly p: number | null;
  /** Rows that it stands on. */
  readonly n: number;
  readonly method: string | null;
}

interface SideEstimate {
  readonly value: number;
  readonly interval: Interval;
  readonly n: number;
}

/** Replicates of one group's paired counts: u32[replicates × 12] each. */
export interface GroupDraws {
  readonly bootstrap: Uint32Array;
  readonly exchange: Uint32Array;
}

/**
 * Shares of the same rows: McNemar's exact test and Agresti and Min's interval. Other metrics: a test that exchanges the two
 * decisions of a row, and the interval that it leaves, see `exchanged`. Weighted rows: the difference linearised in the weighted
 * cells, as `estimate` does for one side.
 */
export function pairedDifference(
  metric: Metric,
  group: PairedGroup,
  draws: GroupDraws | null,
  confidence: number,
): PairedDifference {
  const a = sideEstimate(metric, group, "a", confidence);
  const b = sideEstimate(metric, group, "b", confidence);
  const value = b.value - a.value;
  const n = Math.max(a.n, b.n);
  const none = { a, b, value, interval: null, p: null, n, method: null };
  if (Number.isNaN(value)) return none;
  if (group.weights !== null) return { ...none, ...linearised(metric, group, confidence), method: "linearised" };
  const share = pairedShare(metric);
  if (share !== null) {
    let better = 0;
    let worse = 0;
    for (let cell = 0; cell < pairedCells; cell++) {
      const [ofA, ofB] = [cellOf(cell, "a", metric.needs), cellOf(cell, "b", metric.needs)];
      if (ofA === null || ofB === null) continue;
      const [inA, inB] = [share.of.includes(ofA), share.of.includes(ofB)];
      if (inB && !inA) better += group.counts[cell] ?? 0;
      if (inA && !inB) worse += group.counts[cell] ?? 0;
    }
    const gain = pairedGain(better, worse, n, confidence);
    return { ...none, interval: gain.interval, p: gain.p, method: "mcnemar" };
  }
  if (draws === null) return none;
  return { ...none, ...exchanged(metric, group.counts, draws.exchange, value, confidence), method: "paired-exchange" };
}

/** What is added to each cell of rows that the two decide differently, as Agresti and Min do for shares. */
const discordantPad = 0.5;

/**
 * Interval and p of one statistic, b − a in units of its standard error, among its values in exchanged tables: the interval holds 0
 * where, and only where, p is above 1 − confidence (`exchangeReach`). Rows that are decided differently may be few: half a row stands
 * in each such cell (A. Agresti and Y. Min, Statistics in Medicine 24 (2005) 729–740, doi:10.1002/sim.1781).
 */
function exchanged(
  metric: Metric,
  counts: Float64Array,
  draws: Uint32Array,
  value: number,
  confidence: number,
): { readonly interval: Interval; readonly p: number } {
  const seen = padded(metric, counts, 0);
  const statistics = Float64Array.from({ length: draws.length / pairedCells }, (_, replicate) => {
    const { difference, error } = padded(metric, draws, replicate * pairedCells);
    // A table where the metric is not defined speaks for no difference: it counts against the claim.
    return Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.abs(difference) / error;
  });
  const { p, reach } = exchangeReach(Math.abs(seen.difference) / seen.error, statistics, confidence);
  const half = reach * seen.error;
  return {
    interval: {
      low: Math.max(-2, Math.min(value, seen.difference - half)),
      high: Math.min(2, Math.max(value, seen.difference + half)),
    },
    p,
  };
}

/** b − a and its standard error in a table that begins at `start`, its discordant cells padded. */
function padded(
  metric: Metric,
  table: ArrayLike<number>,
  start: number,
): { readonly difference: number; readonly error: number } {
  const cells = new Float64Array(pairedCells);
  for (let cell = 0; cell < pairedCells; cell++) {
    const isDiscordant = (cell & 3) === 1 || (cell & 3) === 2;
    cells[cell] = (table[start + cell] ?? 0) + (isDiscordant ? discordantPad : 0);
  }
  return {
    difference: differenceAt(metric, cells, 0),
    error: Math.sqrt(pairedVariance(metric, cells, 0, { a: -1, b: 1 })),
  };
}

function sideEstimate(metric: Metric, { counts, weights }: PairedGroup, side: Side, confidence: number): SideEstimate {
  const one = estimate(metric, {
    counts: confusionOf(counts, side, metric.needs),
    weights:
      weights === null
        ? null
        : {
            sums: confusionOf(weights.sums, side, metric.needs),
            squares: confusionOf(weights.squares, side, metric.needs),
          },
  });
  return { value: one.value, n: one.n, interval: one.interval(criticalValue(confidence)) };
}

/** b − a in a table of paired counts that begins at `start`. */
export function differenceAt(metric: Metric, table: ArrayLike<number>, start: number): number {
  return (
    metric.formula(confusionOf(table, "b", metric.needs, start)) -
    metric.formula(confusionOf(table, "a", metric.needs, start))
  );
}

/**
 * Σ (∂θ/∂W)² Σw² over the paired cells, each padded by half an average row, as in Wolter, Introduction to Variance
 * Estimation, 2nd ed. (2007), chapter 6. θ does not change when all weights are multiplied.
 */
function linearised(metric: Metric, group: PairedGroup, confidence: number): { interval: Interval; p: number } {
  const sums = group.weights?.sums ?? group.counts;
  const squares = group.weights?.squares ?? group.counts;
  const used = [...sums.keys()].filter((cell) => cellOf(cell, "a", metric.needs) !== null);
  const total = used.reduce((sum, cell) => sum + (sums[cell] ?? 0), 0);
  const row = total > 0 ? used.reduce((sum, cell) => sum + (squares[cell] ?? 0), 0) / total : 1;
  const padded = sums.slice();
  for (const cell of used) padded[cell] = (padded[cell] ?? 0) + row / 8;
  const center = differenceAt(metric, padded, 0);
  let variance = 0;
  for (const cell of used) {
    const at = padded[cell] ?? 0;
    const step = Math.max(at, row) * 1e-6;
    const shifted = (by: number): number => {
      padded[cell] = at + by;
      return differenceAt(metric, padded, 0);
    };
    const slope = (shifted(step) - shifted(-Math.min(step, at / 2))) / (step + Math.min(step, at / 2));
    padded[cell] = at;
    variance += slope * slope * ((squares[cell] ?? 0) + (row * row) / 8);
  }
  const se = Math.sqrt(variance);
  const value = differenceAt(metric, sums, 0);
  const half = criticalValue(confidence) * se;
  return {
    interval: { low: Math.max(-2, Math.min(value, center - half)), high: Math.min(2, Math.max(value, center + half)) },
    p: se > 0 ? Math.min(1, 2 * normalCdf(-Math.abs(center) / se)) : 1,
  };
}
