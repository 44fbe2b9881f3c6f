import type { Interval } from "./interval.ts";
import { criticalValue } from "./normal.ts";

/** Counts of two groups in one stratum: `k` of `n` rows each. Counts may be effective ones. */
export interface StratumCounts {
  readonly k1: number;
  readonly n1: number;
  readonly k0: number;
  readonly n0: number;
}

/**
 * The Mantel–Haenszel difference of rates pooled over strata, with T. Sato's variance (S. Greenland and J. M. Robins,
 * Biometrics 41 (1985) 55–68; T. Sato, Biometrics 45 (1989) 1323–1324), which holds for few large and many small strata.
 * Null where no stratum holds both groups.
 */
export function mantelHaenszelDifference(
  strata: readonly StratumCounts[],
  confidence: number,
): (Interval & { readonly value: number; readonly se: number }) | null {
  let weights = 0;
  let sum = 0;
  let p = 0;
  let q = 0;
  for (const { k1, n1, k0, n0 } of strata) {
    const n = n1 + n0;
    if (!(n1 > 0 && n0 > 0)) continue;
    weights += (n1 * n0) / n;
    sum += (k1 * n0 - k0 * n1) / n;
    p += (n1 * n1 * k0 - n0 * n0 * k1 + (n1 * n0 * (n0 - n1)) / 2) / (n * n);
    q += (k1 * (n0 - k0) + k0 * (n1 - k1)) / (2 * n);
  }
  if (!(weights > 0)) return null;
  const value = sum / weights;
  const se = Math.sqrt(Math.max(0, (value * p + q) / (weights * weights)));
  const half = criticalValue(confidence) * se;
  return { value, se, low: Math.max(-1, value - half), high: Math.min(1, value + half) };
}
