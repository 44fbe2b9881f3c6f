import type { Interval } from "./interval.ts";
import { studentQuantile } from "./student.ts";

/** The mean of some rows: how many (or their effective number), and the standard error. */
export interface StratumMean {
  readonly effective: number;
  readonly mean: number;
  readonly standardError: number;
}

/**
 * The difference of means of two groups pooled over strata, each stratum weighted by n₁n₀ / (n₁ + n₀) as Mantel and Haenszel do
 * for rates, with variances of the strata's own and Satterthwaite's degrees of freedom (F. E. Satterthwaite, Biometrics
 * Bulletin 2 (1946) 110–114, doi:10.2307/3002019). Strata in which a group has fewer than two rows have no variance and are left
 * out. Null where none is left.
 */
export function pooledMeanDifference(
  strata: readonly { readonly one: StratumMean; readonly other: StratumMean }[],
  confidence: number,
): (Interval & { readonly value: number }) | null {
  let weights = 0;
  let sum = 0;
  let variance = 0;
  let uncertain = 0;
  for (const { one, other } of strata) {
    if (!(one.standardError >= 0 && other.standardError >= 0)) continue;
    const weight = (one.effective * other.effective) / (one.effective + other.effective);
    weights += weight;
    sum += weight * (one.mean - other.mean);
    for (const { standardError, effective } of [one, other]) {
      const part = (weight * standardError) ** 2;
      variance += part;
      uncertain += part ** 2 / Math.max(effective - 1, 1e-9);
    }
  }
  if (!(weights > 0)) return null;
  const value = sum / weights;
  if (!(variance > 0)) return { value, low: value, high: value };
  const half =
    (studentQuantile(0.5 + confidence / 2, Math.max(1, variance ** 2 / uncertain)) * Math.sqrt(variance)) / weights;
  return { value, low: value - half, high: value + half };
}
