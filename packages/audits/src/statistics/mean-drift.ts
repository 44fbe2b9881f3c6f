import { startsUpTo } from "./anytime-p.ts";
import type { Interval } from "./interval.ts";
import { criticalValue } from "./normal.ts";
import { type NormalBaseline, normalDriftP, normalReach, type Sums } from "./normal-drift.ts";

/** Numbers of one group in one period: how many, their mean, and Σ (x − mean)². */
export interface MeanCounts {
  readonly n: number;
  readonly mean: number;
  readonly squares: number;
}

/** Two groups' numbers in one period. */
export interface MeanPair {
  readonly own: MeanCounts;
  readonly other: MeanCounts;
}

export const noNumbers: MeanCounts = { n: 0, mean: 0, squares: 0 };

/** Fewer later numbers of a group than this are too few for a mean to be taken as normal: evidence is counted from there on. */
const fewest = 30;
/** Rows that the baseline's variance stands for beside that of later rows, so that rows which are all alike have one. */
const borrowed = 2;
/** Sizes of a change that are bet on, in standard deviations of the baseline. */
const sizes = [0.02, 0.06, 0.2, 0.6] as const;

/** Numbers of both together. */
export function addNumbers(a: MeanCounts, b: MeanCounts): MeanCounts {
  if (a.n === 0) return b;
  if (b.n === 0) return a;
  const n = a.n + b.n;
  const apart = b.mean - a.mean;
  return {
    n,
    mean: a.mean + (apart * b.n) / n,
    squares: a.squares + b.squares + (apart * apart * a.n * b.n) / n,
  };
}

const spreadOf = ({ n, squares }: MeanCounts): number => squares / (n - 1);

/** Whether a mean of the baseline has a spread to be held against. */
export function hasSpread(baseline: MeanCounts): boolean {
  return baseline.n > 1 && baseline.squares > 0 && Number.isFinite(baseline.squares);
}

const scalesOf = (variance: number): number[] => sizes.map((size) => size / Math.sqrt(variance));

/**
 * p values of "the mean is still the baseline's", one for each look, which hold at all looks together. Large-sample: see
 * `normalDriftP`. The variance of later numbers is their own, about their own mean.
 */
export function meanDriftPs(baseline: MeanCounts, later: readonly MeanCounts[]): number[] {
  if (!hasSpread(baseline)) return later.map(() => 1);
  const from: NormalBaseline = { mean: baseline.mean, variance: spreadOf(baseline) / baseline.n };
  const scales = scalesOf(spreadOf(baseline));
  const starts = startsUpTo(later.length);
  const held = starts.map(() => noNumbers);
  const ends = { low: baseline.mean, high: baseline.mean };
  let least = 1;
  return later.map((numbers, look) => {
    if (numbers.n === 0) return least;
    ends.low = Math.min(ends.low, numbers.mean);
    ends.high = Math.max(ends.high, numbers.mean);
    for (const [index, { place }] of starts.entries()) {
      if (place <= look) held[index] = addNumbers(held[index] ?? noNumbers, numbers);
    }
    const sums = held.map((one) => meanSums(one, baseline));
    least = normalDriftP(from, sums, starts, scales, ends, least);
    return least;
  });
}

/** Nothing yet while there are too few. */
function meanSums({ n, mean, squares }: MeanCounts, baseline: MeanCounts): Sums {
  if (n < fewest) return { sum: 0, weights: 0, variance: 0 };
  const variance = (squares + borrowed * spreadOf(baseline)) / (n - 1 + borrowed);
  return { sum: n * mean, weights: n, variance: n * variance };
}

/** The later mean − the baseline's, with an interval that holds at all looks together; null where there are too few. */
export function meanChange(
  baseline: MeanCounts,
  later: readonly MeanCounts[],
  confidence: number,
): ({ readonly value: number } & Interval) | null {
  if (!hasSpread(baseline)) return null;
  const sums = meanSums(later.reduce(addNumbers, noNumbers), baseline);
  const from = { mean: baseline.mean, variance: spreadOf(baseline) / baseline.n };
  return changeOf(from, sums, spreadOf(baseline), confidence);
}

/** What later periods say of the gap, with what its variance is made of. */
interface GapSums {
  sum: number;
  weights: number;
  /** Of each side: Σ weight² / n, rows, and the squares within periods with their degrees of freedom. */
  readonly sides: { share: number; n: number; squares: number; freedom: number }[];
}

const newGapSums = (): GapSums => ({
  sum: 0,
  weights: 0,
  sides: [0, 1].map(() => ({ share: 0, n: 0, squares: 0, freedom: 0 })),
});

const isFull = ({ own, other }: MeanPair): boolean => own.n > 0 && other.n > 0;

/** A period weighs as its two groups allow: n m / (n + m). */
function addPair(held: GapSums, { own, other }: MeanPair): void {
  const weight = (own.n * other.n) / (own.n + other.n);
  held.sum += weight * (own.mean - other.mean);
  held.weights += weight;
  for (const [index, { n, squares }] of [own, other].entries()) {
    const side = held.sides[index];
    if (!side) continue;
    side.share += (weight * weight) / n;
    side.n += n;
    side.squares += squares;
    side.freedom += n - 1;
  }
}

function gapSums({ sum, weights, sides }: GapSums, baseline: MeanPair): Sums {
  const before = [baseline.own, baseline.other];
  if (sides.some(({ n }) => n < fewest)) return { sum: 0, weights: 0, variance: 0 };
  const variance = sides.reduce((total, { share, squares, freedom }, index) => {
    const spread = spreadOf(before[index] ?? noNumbers);
    return total + (share * (squares + borrowed * spread)) / (freedom + borrowed);
  }, 0);
  return { sum, weights, variance };
}

/** Of both groups' numbers about their own mean, as one row has it. */
function pairSpread({ own, other }: MeanPair): number {
  return (own.squares + other.squares) / (own.n + other.n - 2);
}

function gapFrom({ own, other }: MeanPair): NormalBaseline {
  return { mean: own.mean - other.mean, variance: spreadOf(own) / own.n + spreadOf(other) / other.n };
}

/**
 * p values of "the gap between two groups' means is still the baseline's", one for each look, which hold at all looks together.
 * The gap is compared period by period, so that means which rise or fall for both alike are no change of it. Large-sample.
 */
export function meanGapDriftPs(baseline: MeanPair, later: readonly MeanPair[]): number[] {
  if (!hasSpread(baseline.own) || !hasSpread(baseline.other)) return later.map(() => 1);
  const from = gapFrom(baseline);
  const scales = scalesOf(pairSpread(baseline));
  const starts = startsUpTo(later.length);
  const held = starts.map(newGapSums);
  const ends = { low: from.mean, high: from.mean };
  let least = 1;
  return later.map((pair, look) => {
    if (!isFull(pair)) return least;
    const gap = pair.own.mean - pair.other.mean;
    ends.low = Math.min(ends.low, gap);
    ends.high = Math.max(ends.high, gap);
    for (const [index, { place }] of starts.entries()) {
      const sums = held[index];
      if (sums && place <= look) addPair(sums, pair);
    }
    const sums = held.map((one) => gapSums(one, baseline));
    least = normalDriftP(from, sums, starts, scales, ends, least);
    return least;
  });
}

/** The later gap (weighted over periods) − the baseline's, with an interval that holds at all looks together; null: too few. */
export function meanGapChange(
  baseline: MeanPair,
  later: readonly MeanPair[],
  confidence: number,
): ({ readonly value: number } & Interval) | null {
  if (!hasSpread(baseline.own) || !hasSpread(baseline.other)) return null;
  const held = newGapSums();
  for (const pair of later) if (isFull(pair)) addPair(held, pair);
  return changeOf(gapFrom(baseline), gapSums(held, baseline), pairSpread(baseline), confidence);
}

function changeOf(
  from: NormalBaseline,
  sums: Sums,
  spread: number,
  confidence: number,
): ({ readonly value: number } & Interval) | null {
  if (sums.weights === 0) return null;
  const half = (1 - confidence) / 2;
  const before = criticalValue(1 - half) * Math.sqrt(from.variance);
  const value = sums.sum / sums.weights - from.mean;
  // The mixture's reach at this many numbers is some hundreds of standard errors at the most.
  const most = 1000 * (Math.sqrt(sums.variance) / sums.weights + Math.sqrt(spread));
  const reach = normalReach(sums, scalesOf(spread), 1 - half, most) + before;
  return { value, low: value - reach, high: value + reach };
}
