import { quantile } from "../../statistics/index.ts";

export interface Steady {
  /** Calls before it. */
  readonly from: number;
  /** False where no such place is found in the first half, or the pace still changes in the second. */
  readonly settled: boolean;
}

/** Medians apart by less are the same pace. */
const apart = 0.1;
const blocks = 50;

/**
 * Where a series of calls has warmed up: the first block of calls whose median, and the next one's, lie within a tenth of the
 * median of the second half. The first call never counts, where there are others: it loads and compiles.
 */
export function steadyFrom(series: Float64Array): Steady {
  const n = series.length;
  if (n < 2) return { from: 0, settled: false };
  const half = Math.floor(n / 2);
  const pace = quantile(series.subarray(half), 0.5);
  const size = Math.max(3, Math.floor(n / blocks));
  const near = (from: number, to: number): boolean =>
    Math.abs(quantile(series.subarray(from, to), 0.5) - pace) <= apart * pace;
  // Too few to see a change in: all but the first.
  if (n < 8 * size) return { from: 1, settled: n >= 8 };
  let from = 1;
  while (from + 2 * size <= n && !(near(from, from + size) && near(from + size, from + 2 * size))) from += size;
  const rest = n - half;
  const steady = near(half, half + Math.floor(rest / 2)) && near(half + Math.floor(rest / 2), n);
  return { from: Math.min(from, half), settled: from <= half && steady };
}
