import type { Interval } from "./interval.ts";
import { criticalValue } from "./normal.ts";

/**
 * Wilson's score interval of a rate k / n; `[0, 1]` where n is 0. k and n may be effective (non-integer) counts.
 * E. B. Wilson, JASA 22 (1927) 209–212, doi:10.1080/01621459.1927.10502953.
 */
export function wilson(k: number, n: number, confidence: number): Interval {
  return wilsonAt(k, n, criticalValue(confidence));
}

/** The same at a critical value z in place of a confidence. */
export function wilsonAt(k: number, n: number, z: number): Interval {
  if (!(n > 0)) return { low: 0, high: 1 };
  const z2 = z * z;
  const rate = k / n;
  const middle = (k + z2 / 2) / (n + z2);
  const half = (z / (n + z2)) * Math.sqrt(n * rate * (1 - rate) + z2 / 4);
  // The ends are exact at k = 0 and k = n; rounding must not push them past the rate.
  return {
    low: k <= 0 ? 0 : Math.max(0, Math.min(rate, middle - half)),
    high: k >= n ? 1 : Math.min(1, Math.max(rate, middle + half)),
  };
}
