import { startsUpTo } from "./anytime-p.ts";
import type { Interval } from "./interval.ts";
import { criticalValue } from "./normal.ts";
import { type NormalBaseline, normalDriftP, normalReach, type Sums } from "./normal-drift.ts";
import type { RateCounts } from "./rate-drift.ts";

/** Two groups' counts in one period. */
export interface GapCounts {
  readonly own: RateCounts;
  readonly other: RateCounts;
}

/** Sizes of a change of the gap that are bet on. */
const sizes = [0.01, 0.03, 0.1, 0.3] as const;

/** Rate of the one − rate of the other, with its variance; one hit and one miss are added so that a rate of 0 or 1 has one. */
function gapOf({ own, other }: GapCounts): NormalBaseline {
  const variance = ({ k, n }: RateCounts): number => {
    const rate = (k + 1) / (n + 2);
    return (rate * (1 - rate)) / n;
  };
  return { mean: own.k / own.n - other.k / other.n, variance: variance(own) + variance(other) };
}

/** A period weighs as its two groups allow, whatever their rates: n m / (n + m). */
function add(sums: Sums, counts: GapCounts): void {
  const { mean, variance } = gapOf(counts);
  const weight = (counts.own.n * counts.other.n) / (counts.own.n + counts.other.n);
  sums.sum += weight * mean;
  sums.weights += weight;
  sums.variance += weight * weight * variance;
}

const isFull = ({ own, other }: GapCounts): boolean => own.n > 0 && other.n > 0;

/**
 * p values of "the gap between two groups is still the baseline's", one for each look, which hold at all looks together: a
 * gap is compared period by period, so that rates which rise or fall for both alike are no change of it. Large-sample: gaps of
 * periods are taken as normal, see `normalDriftP`.
 */
export function gapDriftPs(baseline: GapCounts, later: readonly GapCounts[]): number[] {
  if (!isFull(baseline)) return later.map(() => 1);
  const starts = startsUpTo(later.length);
  const held = starts.map((): Sums => ({ sum: 0, weights: 0, variance: 0 }));
  const scales = scalesOf(baseline);
  let least = 1;
  return later.map((counts, look) => {
    if (!isFull(counts)) return least;
    for (const [index, { place }] of starts.entries()) {
      const sums = held[index];
      if (sums !== undefined && place <= look) add(sums, counts);
    }
    least = normalDriftP(gapOf(baseline), held, starts, scales, { low: -1, high: 1 }, least);
    return least;
  });
}

/** Scales of the mixture: a change of each size, in the units of Σ w gap over its variance. From the baseline alone. */
function scalesOf({ own, other }: GapCounts): number[] {
  const rate = (own.k + other.k + 1) / (own.n + other.n + 2);
  return sizes.map((size) => size / (rate * (1 - rate)));
}

/**
 * The later gap (weighted over periods) − the baseline's, with an interval that holds at all looks together; null where no
 * period has rows of both groups. Large-sample.
 */
export function gapChange(
  baseline: GapCounts,
  later: readonly GapCounts[],
  confidence: number,
): ({ readonly value: number } & Interval) | null {
  if (!isFull(baseline)) return null;
  const sums: Sums = { sum: 0, weights: 0, variance: 0 };
  for (const counts of later) if (isFull(counts)) add(sums, counts);
  if (sums.weights === 0) return null;
  const half = (1 - confidence) / 2;
  const { mean: from, variance } = gapOf(baseline);
  const before = criticalValue(1 - half) * Math.sqrt(variance);
  const value = sums.sum / sums.weights;
  const reach = normalReach(sums, scalesOf(baseline), 1 - half, 2);
  return {
    value: value - from,
    low: Math.max(-2, value - from - reach - before),
    high: Math.min(2, value - from + reach + before),
  };
}
