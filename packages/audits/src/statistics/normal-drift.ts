import { anytimeP, type Candidate, mixed, type startsUpTo } from "./anytime-p.ts";
import { normalCdf } from "./normal.ts";

/** What later periods say of a mean, since some start. */
export interface Sums {
  /** Σ weight × mean of the period. */
  sum: number;
  weights: number;
  /** Of `sum`. */
  variance: number;
}

/** A mean of the baseline, with the variance of that mean. */
export interface NormalBaseline {
  readonly mean: number;
  readonly variance: number;
}

function termsOf({ sum, weights, variance }: Sums, scales: readonly number[], mean: number) {
  const apart = sum - mean * weights;
  return scales.map((scale) => {
    const growth = 1 + scale * scale * variance;
    return {
      log: (scale * scale * apart * apart) / (2 * growth) - Math.log(growth) / 2,
      slope: (-scale * scale * apart * weights) / growth,
    };
  });
}

/**
 * The p value of one look that holds at all looks together, where means of periods are taken as normal: Robbins's normal mixture,
 * averaged over `scales` (one for each size of a change, in the units of Σ weight × mean over its variance) and over starts.
 * `low` and `high`: ends between which the mean lies; `most`: as in `anytimeP`. I. Waudby-Smith, D. Arbour, R. Sinha, E. H. Kennedy, A. Ramdas, Annals of
 * Statistics 52 (2024) 2613–2640, doi:10.1214/24-AOS2408.
 */
export function normalDriftP(
  { mean: from, variance }: NormalBaseline,
  held: readonly Sums[],
  starts: ReturnType<typeof startsUpTo>,
  scales: readonly number[],
  { low, high }: { readonly low: number; readonly high: number },
  most: number,
): number {
  const deviation = Math.sqrt(variance);
  const open = held.flatMap((sums, index) => (sums.weights > 0 ? [{ sums, weight: starts[index]?.weight ?? 0 }] : []));
  const rest = 1 - open.reduce((sum, { weight }) => sum + weight, 0);
  const against = (mean: number) => {
    const terms = open.flatMap(({ sums, weight }) =>
      termsOf(sums, scales, mean).map((term) => ({ ...term, weight: weight / scales.length })),
    );
    return { terms, ...mixed(terms, rest) };
  };
  const candidate: Candidate = {
    from,
    low,
    high,
    baseline: (mean) => Math.min(1, 2 * normalCdf(-Math.abs(mean - from) / deviation)),
    evidence: (mean) => against(mean).log,
    slope: (mean) => {
      const { terms, shares } = against(mean);
      return terms.reduce((sum, { slope }, index) => sum + (shares[index] ?? 0) * slope, 0);
    },
  };
  return anytimeP(candidate, most);
}

/** How far from Σ weight × mean / Σ weight the mean may lie at this level, at all looks together; at most `most`. */
export function normalReach(sums: Sums, scales: readonly number[], level: number, most: number): number {
  const value = sums.sum / sums.weights;
  let inner = 0;
  let outer = most;
  for (let step = 0; step < 60; step++) {
    const middle = (inner + outer) / 2;
    const terms = termsOf(sums, scales, value - middle).map((term) => ({ ...term, weight: 1 / scales.length }));
    if (mixed(terms, 0).log < -Math.log(1 - level)) inner = middle;
    else outer = middle;
  }
  return outer;
}
