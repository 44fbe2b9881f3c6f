import { betaCdf } from "./beta.ts";

/** An estimate of one group: its variance was itself estimated with so many degrees of freedom. */
export interface WelchGroup {
  readonly value: number;
  readonly standardError: number;
  readonly degrees: number;
}

/**
 * p that independent estimates of two or more groups have one true value, whatever their variances: Cochran's weighted sum
 * of squares against F, with Welch's degrees of freedom for variances that are estimated. Large samples make it exact; it
 * is asymptotic. Null where an error or its degrees of freedom is not above 0.
 *
 * B. L. Welch, Biometrika 38 (1951) 330–336, doi:10.1093/biomet/38.3-4.330.
 */
export function welchTest(groups: readonly WelchGroup[]): number | null {
  const k = groups.length;
  if (k < 2 || groups.some((group) => !(group.standardError > 0 && group.degrees > 0))) return null;
  const weights = groups.map((group) => 1 / group.standardError ** 2);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = groups.reduce((sum, group, index) => sum + (weights[index] ?? 0) * group.value, 0) / total;
  let between = 0;
  let uncertain = 0;
  for (const [index, group] of groups.entries()) {
    const weight = weights[index] ?? 0;
    between += weight * (group.value - mean) ** 2;
    uncertain += (1 - weight / total) ** 2 / group.degrees;
  }
  const ratio = between / (k - 1) / (1 + (2 * (k - 2) * uncertain) / (k * k - 1));
  const degrees = (k * k - 1) / (3 * uncertain);
  // P(F > f) of (k − 1, degrees) is an incomplete beta; taken from this side, small p keep their digits.
  const p = betaCdf(degrees / (degrees + (k - 1) * ratio), degrees / 2, (k - 1) / 2);
  return Number.isFinite(p) ? Math.min(1, p) : null;
}
