import { anytimeP, mixed, startsUpTo } from "./anytime-p.ts";
import type { Interval } from "./interval.ts";
import { criticalValue, normalCdf } from "./normal.ts";
import type { RateCounts } from "./rate-drift.ts";

/** Two groups' counts in one period. */
export interface GapCounts {
  readonly own: RateCounts;
  readonly other: RateCounts;
}

/** Sizes of a change of the gap that are bet on. */
const sizes = [0.01, 0.03, 0.1, 0.3] as const;

/** Rate of the one − rate of the other, with its variance; one hit and one miss are added so that a rate of 0 or 1 has one. */
function gapOf({ own, other }: GapCounts): { readonly gap: number; readonly variance: number } {
  const variance = ({ k, n }: RateCounts): number => {
    const rate = (k + 1) / (n + 2);
    return (rate * (1 - rate)) / n;
  };
  return { gap: own.k / own.n - other.k / other.n, variance: variance(own) + variance(other) };
}

interface Sums {
  /** Σ w gap, Σ w, Σ w² variance. */
  gaps: number;
  weights: number;
  variance: number;
}

/** A period weighs as its two groups allow, whatever their rates: n m / (n + m). */
function add(sums: Sums, counts: GapCounts): void {
  const { gap, variance } = gapOf(counts);
  const weight = (counts.own.n * counts.other.n) / (counts.own.n + counts.other.n);
  sums.gaps += weight * gap;
  sums.weights += weight;
  sums.variance += weight * weight * variance;
}

const isFull = ({ own, other }: GapCounts): boolean => own.n > 0 && other.n > 0;

/**
 * p values of "the gap between two groups is still the baseline's", one for each look, which hold at all looks together: a
 * gap is compared period by period, so that rates which rise or fall for both alike are no change of it. Large-sample: gaps of
 * periods are taken as normal. The e-process is Robbins's normal mixture, averaged over sizes of the change and over starts.
 * I. Waudby-Smith, D. Arbour, R. Sinha, E. H. Kennedy, A. Ramdas, Annals of Statistics 52 (2024) 2613–2640,
 * doi:10.1214/24-AOS2408.
 */
export function gapDriftPs(baseline: GapCounts, later: readonly GapCounts[]): number[] {
  if (!isFull(baseline)) return later.map(() => 1);
  const starts = startsUpTo(later.length);
  const held = starts.map((): Sums => ({ gaps: 0, weights: 0, variance: 0 }));
  const rates = ratesOf(baseline);
  let least = 1;
  return later.map((counts, look) => {
    if (!isFull(counts)) return least;
    for (const [index, { place }] of starts.entries()) {
      const sums = held[index];
      if (sums !== undefined && place <= look) add(sums, counts);
    }
    least = Math.min(least, gapP(baseline, held, starts, rates));
    return least;
  });
}

/** Scales of the mixture: a change of each size, in the units of Σ w gap over its variance. From the baseline alone. */
function ratesOf({ own, other }: GapCounts): number[] {
  const rate = (own.k + other.k + 1) / (own.n + other.n + 2);
  return sizes.map((size) => size / (rate * (1 - rate)));
}

function termsOf({ gaps, weights, variance }: Sums, scales: readonly number[], gap: number) {
  const sum = gaps - gap * weights;
  return scales.map((scale) => {
    const growth = 1 + scale * scale * variance;
    return {
      log: (scale * scale * sum * sum) / (2 * growth) - Math.log(growth) / 2,
      slope: (-scale * scale * sum * weights) / growth,
    };
  });
}

function gapP(
  baseline: GapCounts,
  held: readonly Sums[],
  starts: readonly { readonly weight: number }[],
  scales: readonly number[],
): number {
  const { gap: from, variance } = gapOf(baseline);
  const deviation = Math.sqrt(variance);
  const open = held.flatMap((sums, index) => (sums.weights > 0 ? [{ sums, weight: starts[index]?.weight ?? 0 }] : []));
  const rest = 1 - open.reduce((sum, { weight }) => sum + weight, 0);
  const against = (gap: number) => {
    const terms = open.flatMap(({ sums, weight }) =>
      termsOf(sums, scales, gap).map((term) => ({ ...term, weight: weight / scales.length })),
    );
    return { terms, ...mixed(terms, rest) };
  };
  return anytimeP({
    from,
    low: -1,
    high: 1,
    baseline: (gap) => Math.min(1, 2 * normalCdf(-Math.abs(gap - from) / deviation)),
    evidence: (gap) => against(gap).log,
    slope: (gap) => {
      const { terms, shares } = against(gap);
      return terms.reduce((sum, { slope }, index) => sum + (shares[index] ?? 0) * slope, 0);
    },
  });
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
  const sums: Sums = { gaps: 0, weights: 0, variance: 0 };
  for (const counts of later) if (isFull(counts)) add(sums, counts);
  if (sums.weights === 0) return null;
  const half = (1 - confidence) / 2;
  const { gap: from, variance } = gapOf(baseline);
  const before = criticalValue(1 - half) * Math.sqrt(variance);
  const value = sums.gaps / sums.weights;
  // The widest of deviations at which the mixture stays under its bound.
  const scales = ratesOf(baseline);
  let inner = 0;
  let outer = 2;
  for (let step = 0; step < 60; step++) {
    const middle = (inner + outer) / 2;
    const terms = termsOf(sums, scales, value - middle).map((term) => ({ ...term, weight: 1 / scales.length }));
    if (mixed(terms, 0).log < -Math.log(half)) inner = middle;
    else outer = middle;
  }
  return {
    value: value - from,
    low: Math.max(-2, value - from - outer - before),
    high: Math.min(2, value - from + outer + before),
  };
}
