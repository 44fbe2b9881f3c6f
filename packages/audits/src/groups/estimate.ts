import type { Confusion, Metric, Share } from "../metrics/index.ts";
import { type Cell, shareOf, sumOf } from "../metrics/metric.ts";
import { type EffectiveCounts, effectiveCounts, type Interval, meanInterval, wilsonAt } from "../statistics/index.ts";
import type { Confusions } from "./groups.ts";

/** A metric of one group, with everything that intervals and tests ask of it. */
export interface Estimate {
  /** NaN where it is not defined. */
  readonly value: number;
  /** Rows that it stands on. */
  readonly n: number;
  /** The rows less frequent among those: the rarer outcome of a share. Infinity where the metric is no share. */
  readonly rarer: number;
  /** Effective counts of the share; null where the metric is no share. */
  readonly share: EffectiveCounts | null;
  /** What an unweighted table of the same precision would hold; null where the metric is one share. */
  readonly table: Confusion | null;
  /** Standard error, smoothed so that it is never 0. */
  readonly se: number;
  /** Interval at a critical value, without resampling. */
  interval(z: number): Interval;
}

export function estimate(metric: Metric, cells: Confusions): Estimate {
  const n = metric.rows(cells.counts);
  const value = metric.formula(cells.weights?.sums ?? cells.counts);
  const { shape } = metric;
  switch (shape.kind) {
    case "count":
      return {
        value: metric.formula(cells.counts),
        n,
        rarer: Infinity,
        share: null,
        table: null,
        se: 0,
        interval: () => ({ low: value, high: value }),
      };
    case "rate": {
      const share = effectiveShare(shape.share, cells);
      const curve = shape.curve ?? ((x: number) => x);
      const k = sumOf(cells.counts, shape.share.of);
      return {
        value,
        n,
        rarer: Math.min(k, n - k),
        share,
        table: null,
        se: smoothedError(share, curve),
        interval: (z) => {
          const { low, high } = wilsonAt(share.k, share.n, z);
          // Rounding in the weighted share must not put the value outside.
          return { low: Math.min(curve(low), value), high: Math.max(curve(high), value) };
        },
      };
    }
    case "mean": {
      const parts = shape.shares.map((share) => ({
        share: effectiveShare(share, cells),
        value: shareOf(cells.weights?.sums ?? cells.counts, share),
      }));
      const same = (x: number): number => x;
      const [a, b] = parts;
      const errors = parts.map((part) => smoothedError(part.share, same));
      return {
        value,
        n,
        rarer: Number.POSITIVE_INFINITY,
        share: null,
        table: {
          tp: a?.share.k ?? 0,
          fn: (a?.share.n ?? 0) - (a?.share.k ?? 0),
          tn: b?.share.k ?? 0,
          fp: (b?.share.n ?? 0) - (b?.share.k ?? 0),
        },
        se: Math.hypot(...errors) / 2,
        interval: (z) => {
          if (!a || !b) return { low: 0, high: 1 };
          return meanInterval(
            { value: a.value, ...wilsonAt(a.share.k, a.share.n, z) },
            { value: b.value, ...wilsonAt(b.share.k, b.share.n, z) },
          );
        },
      };
    }
    case "table": {
      const { center, se, table } = linearised(metric.formula, shape.gradient, cells);
      return {
        value,
        n,
        rarer: Number.POSITIVE_INFINITY,
        share: null,
        table,
        se,
        interval: (z) => {
          // On the scale of atanh the interval stays inside −1 to 1 and is nearer to symmetric.
          const half = (z * se) / (1 - center * center);
          const middle = Math.atanh(center);
          return { low: Math.min(value, Math.tanh(middle - half)), high: Math.max(value, Math.tanh(middle + half)) };
        },
      };
    }
  }
}

export function effectiveShare(share: Share, cells: Confusions): EffectiveCounts {
  if (!cells.weights) return { k: sumOf(cells.counts, share.of), n: sumOf(cells.counts, share.among) };
  const others = share.among.filter((cell) => !share.of.includes(cell));
  const part = (names: readonly Cell[]): { sum: number; squares: number } => ({
    sum: cells.weights ? sumOf(cells.weights.sums, names) : 0,
    squares: cells.weights ? sumOf(cells.weights.squares, names) : 0,
  });
  return effectiveCounts(part(share.of), part(others));
}

/** Standard error of a share, or of a function of it, with half a row added to either side. */
function smoothedError({ k, n }: EffectiveCounts, curve: (x: number) => number): number {
  const share = (k + 0.5) / (n + 1);
  const step = 1e-6;
  const slope = (curve(share + step) - curve(share - step)) / (2 * step);
  return Math.abs(slope) * Math.sqrt((share * (1 - share)) / (n + 1));
}

/**
 * First-order (Taylor) variance Σ (∂θ/∂W)² Σw² over the cells, with half an average row added to each so that a cell
 * without rows has spread. K. M. Wolter, Introduction to Variance Estimation, 2nd ed. (2007), chapter 6.
 */
function linearised(
  formula: (cells: Confusion) => number,
  gradient: (cells: Confusion) => Confusion,
  cells: Confusions,
): { center: number; se: number; table: Confusion } {
  const sums = cells.weights?.sums ?? cells.counts;
  const squares = cells.weights?.squares ?? cells.counts;
  const names = ["tp", "fp", "fn", "tn"] as const;
  const all = sumOf(sums, names);
  const row = all > 0 ? sumOf(squares, names) / all : 1;
  const padded = {
    tp: sums.tp + row / 2,
    fp: sums.fp + row / 2,
    fn: sums.fn + row / 2,
    tn: sums.tn + row / 2,
  };
  const slope = gradient(padded);
  let variance = 0;
  let plain = 0;
  let total = 0;
  for (const name of names) {
    variance += slope[name] ** 2 * (squares[name] + (row * row) / 2);
    plain += slope[name] ** 2 * padded[name];
    total += padded[name];
  }
  // A table of n plain rows has variance plain · total / n; Kish's number of rows is total / row.
  const n = Math.min(all / row, (plain * total) / variance);
  const scale = cells.weights && all > 0 ? n / all : 1;
  const table = { tp: sums.tp * scale, fp: sums.fp * scale, fn: sums.fn * scale, tn: sums.tn * scale };
  return { center: formula(padded), se: Math.sqrt(variance), table };
}
