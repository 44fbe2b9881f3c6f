import type { Interval } from "./interval.ts";
import { type Bounded, differenceInterval, ratioInterval } from "./mover.ts";
import { normalRangeQuantile } from "./studentized-range.ts";

/** The critical value at which the differences of all pairs of k groups are covered at once. */
export function simultaneousCritical(confidence: number, k: number): number {
  return normalRangeQuantile(confidence, Math.max(2, k)) / Math.SQRT2;
}

/**
 * Interval of max − min over groups, from group intervals at the simultaneous critical value: where every pair's
 * difference is covered at once, so is the greatest. Low is 0 wherever the groups may all be equal.
 */
export function rangeDifferenceInterval(groups: readonly Bounded[]): Interval {
  // Only groups that no other beats on both value and half-width can give the extreme pair.
  const forHigh = [
    front(
      groups,
      (g) => g.value,
      (g) => g.high - g.value,
    ),
    front(
      groups,
      (g) => -g.value,
      (g) => g.value - g.low,
    ),
  ] as const;
  const forLow = [
    front(
      groups,
      (g) => g.value,
      (g) => g.low - g.value,
    ),
    front(
      groups,
      (g) => -g.value,
      (g) => g.value - g.high,
    ),
  ] as const;
  let high = 0;
  for (const a of forHigh[0])
    for (const b of forHigh[1]) if (a !== b) high = Math.max(high, differenceInterval(a, b).high);
  let low = 0;
  for (const a of forLow[0]) for (const b of forLow[1]) if (a !== b) low = Math.max(low, differenceInterval(a, b).low);
  return { low, high };
}

/** Interval of min / max over groups that are not negative, in the same way; high is 1 wherever all may be equal. */
export function rangeRatioInterval(groups: readonly Bounded[]): Interval {
  const few = groups.length <= 300 ? groups : extremes(groups);
  let low = 1;
  let high = 1;
  for (const a of few) {
    for (const b of few) {
      if (a === b) continue;
      const pair = ratioInterval(a, b);
      low = Math.min(low, pair.low);
      high = Math.min(high, pair.high);
    }
  }
  return { low, high };
}

/** Groups on the Pareto front of two numbers, both wanted large. */
function front(groups: readonly Bounded[], first: (g: Bounded) => number, second: (g: Bounded) => number): Bounded[] {
  const order = [...groups].sort((a, b) => first(b) - first(a) || second(b) - second(a));
  const kept: Bounded[] = [];
  let best = Number.NEGATIVE_INFINITY;
  // Two of the front are kept at least, since a group is not paired with itself.
  for (const group of order) {
    if (second(group) > best || kept.length < 2) kept.push(group);
    best = Math.max(best, second(group));
  }
  return kept;
}

/** The groups that can give the least ratio: the fronts of all four directions. */
function extremes(groups: readonly Bounded[]): readonly Bounded[] {
  return [
    ...new Set([
      ...front(
        groups,
        (g) => -g.value,
        (g) => -g.low,
      ),
      ...front(
        groups,
        (g) => g.value,
        (g) => g.high,
      ),
      ...front(
        groups,
        (g) => -g.value,
        (g) => -g.high,
      ),
      ...front(
        groups,
        (g) => g.value,
        (g) => g.low,
      ),
    ]),
  ];
}
