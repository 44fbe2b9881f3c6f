import type { Interval } from "./interval.ts";

/**
 * The interval, with the value of "no difference" (`nothing`) inside wherever the test does not reject it at 1 − `confidence`. With
 * few rows an exact or a permutation test may be stricter than the interval beside it: a report that says "0.03 at least" and
 * "p = 0.09" of one number contradicts itself. What is held is a union of two intervals of the same truth, so that coverage can only
 * rise. The other way round, an interval may hold what the test rejects: it is the wider of the two.
 */
export function holdNull(interval: Interval, nothing: number, p: number, confidence: number): Interval {
  const { low, high } = interval;
  if (p <= 1 - confidence || (low <= nothing && nothing <= high)) return interval;
  return { low: Math.min(low, nothing), high: Math.max(high, nothing) };
}
