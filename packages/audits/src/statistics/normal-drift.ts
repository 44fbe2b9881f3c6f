import { anytimeP, type Candidate, type startsUpTo } from "./anytime-p.ts";
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

/** Log of one start's evidence at one scale against a mean, in place: this is where drift spends its time. */
function fill(logs: Float64Array, at: number, sums: Sums, scales: readonly number[], mean: number): void {
  const apart = sums.sum - mean * sums.weights;
  for (const [index, scale] of scales.entries()) {
    const growth = 1 + scale * scale * sums.variance;
    logs[at + index] = (scale * scale * apart * apart) / (2 * growth) - Math.log(growth) / 2;
  }
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
  const width = scales.length;
  const logs = new Float64Array(open.length * width);
  /** Log of Σ weight × evidence, with what weight is left counted as 1, and its slope. */
  const against = (mean: number): { readonly log: number; readonly slope: number } => {
    for (const [place, { sums }] of open.entries()) fill(logs, place * width, sums, scales, mean);
    let greatest = 0;
    for (let at = 0; at < logs.length; at++) greatest = Math.max(greatest, logs[at] ?? 0);
    let total = Math.max(0, rest) * Math.exp(-greatest);
    let slope = 0;
    for (const [place, { sums, weight }] of open.entries()) {
      const apart = sums.sum - mean * sums.weights;
      for (const [index, scale] of scales.entries()) {
        const part = (weight / width) * Math.exp((logs[place * width + index] ?? 0) - greatest);
        total += part;
        slope += (part * (-scale * scale * apart * sums.weights)) / (1 + scale * scale * sums.variance);
      }
    }
    return { log: greatest + Math.log(total), slope: slope / total };
  };
  const candidate: Candidate = {
    from,
    low,
    high,
    baseline: (mean) => Math.min(1, 2 * normalCdf(-Math.abs(mean - from) / deviation)),
    evidence: (mean) => against(mean).log,
    slope: (mean) => against(mean).slope,
  };
  return anytimeP(candidate, most);
}

/** How far from Σ weight × mean / Σ weight the mean may lie at this level, at all looks together; at most `most`. */
export function normalReach(sums: Sums, scales: readonly number[], level: number, most: number): number {
  const value = sums.sum / sums.weights;
  const logs = new Float64Array(scales.length);
  let inner = 0;
  let outer = most;
  for (let step = 0; step < 60; step++) {
    const middle = (inner + outer) / 2;
    fill(logs, 0, sums, scales, value - middle);
    const greatest = Math.max(...logs);
    const total = logs.reduce((sum, log) => sum + Math.exp(log - greatest), 0) / scales.length;
    if (greatest + Math.log(total) < -Math.log(1 - level)) inner = middle;
    else outer = middle;
  }
  return outer;
}
