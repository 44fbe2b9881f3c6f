import { gammaCdf } from "./gamma.ts";
import type { Interval } from "./interval.ts";

/**
 * Exact interval of the mean of a Poisson count of `k` events: quantiles of gamma variables of shapes k and k + 1. It covers at
 * least as often as it says, whatever the mean.
 * F. Garwood, Biometrika 28 (1936) 437–442, doi:10.1093/biomet/28.3-4.437.
 */
export function garwood(k: number, confidence: number): Interval {
  const half = (1 - confidence) / 2;
  return { low: k === 0 ? 0 : gammaQuantile(half, k), high: gammaQuantile(1 - half, k + 1) };
}

/** Where the distribution function of a gamma variable of shape `a` reaches `p`, 0 < p < 1: halved to the last digit. */
function gammaQuantile(p: number, a: number): number {
  let low = 0;
  let high = a + 10 * Math.sqrt(a) + 40;
  while (gammaCdf(high, a) < p) high *= 2;
  for (;;) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return middle;
    if (gammaCdf(middle, a) < p) low = middle;
    else high = middle;
  }
}
