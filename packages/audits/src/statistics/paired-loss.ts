import { CompensatedSum } from "./compensated-sum.ts";
import type { Interval } from "./interval.ts";
import { studentCdf, studentQuantile } from "./student.ts";
import { unseenInterval, unseenP } from "./unseen.ts";

export interface PairedLoss {
  /** Mean loss of b less that of a. */
  readonly value: number;
  readonly standardError: number;
  readonly interval: Interval;
  /** Two-sided, of no difference. */
  readonly p: number;
}

/**
 * The difference of two mean losses on the same rows: Student's paired test and interval on the rows' own differences. Weighted
 * rows: the ratio mean and its linearised variance. Null where there are no rows.
 * @param gains f64[rows]: loss by b less loss by a
 * @param most the largest loss that a row can have
 */
export function pairedLoss(
  gains: Float64Array,
  weights: Float64Array | null,
  confidence: number,
  most: number,
): PairedLoss | null {
  const n = gains.length;
  if (n === 0) return null;
  const sum = new CompensatedSum();
  let total = 0;
  for (const [row, gain] of gains.entries()) {
    const weight = weights?.[row] ?? 1;
    sum.add(weight * gain);
    total += weight;
  }
  const value = sum.value / total;
  const squares = new CompensatedSum();
  for (const [row, gain] of gains.entries()) squares.add(((weights?.[row] ?? 1) * (gain - value)) ** 2);
  const variance = n < 2 ? 0 : ((squares.value / total ** 2) * n) / (n - 1);
  // Rounding leaves dust where the variance is 0.
  if (!(variance > 1e-28 * most * most)) {
    return {
      value,
      standardError: n < 2 ? Number.NaN : 0,
      interval: n < 2 ? { low: -most, high: most } : unseenInterval(value, n, confidence, -most, most),
      p: unseenP(value, n),
    };
  }
  const standardError = Math.sqrt(variance);
  const half = studentQuantile(0.5 + confidence / 2, n - 1) * standardError;
  return {
    value,
    standardError,
    interval: { low: Math.max(-most, value - half), high: Math.min(most, value + half) },
    p: Math.min(1, 2 * studentCdf(-Math.abs(value) / standardError, n - 1)),
  };
}
