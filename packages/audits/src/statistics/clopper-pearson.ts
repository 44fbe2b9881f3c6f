import { betaQuantile } from "./beta.ts";
import type { Interval } from "./interval.ts";

/**
 * The exact interval of a rate k / n: never covers less than `confidence`; `[0, 1]` where n is 0.
 * C. J. Clopper and E. S. Pearson, Biometrika 26 (1934) 404–413, doi:10.1093/biomet/26.4.404.
 */
export function clopperPearson(k: number, n: number, confidence: number): Interval {
  if (!(n > 0)) return { low: 0, high: 1 };
  const alpha = (1 - confidence) / 2;
  return {
    low: k <= 0 ? 0 : betaQuantile(alpha, k, n - k + 1),
    high: k >= n ? 1 : betaQuantile(1 - alpha, k + 1, n - k),
  };
}
