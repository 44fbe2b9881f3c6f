import { criticalValue, type Interval, normalCdf } from "../../statistics/index.ts";
import type { GapInterval } from "./band.ts";

/** A gap with its interval at any level. */
export interface SpannedGap {
  readonly value: number;
  at(confidence: number): GapInterval;
}

/** Levels beyond which p is not worked out: told p values are at least this. */
const leastP = 1e-6;
const mostSteps = 40;

/**
 * Interval of how a gap changes, recovered from the intervals of the two gaps: the distance to each end is
 * √(x² + y² − 2ρxy) of the two gaps' own distances, upward to the ceiling. G. Y. Zou and A. Donner, Statistics in Medicine 27 (2008) 1693–1702,
 * doi:10.1002/sim.3095; dependent estimates: G. Y. Zou, Psychological Methods 12 (2007) 399–413,
 * doi:10.1037/1082-989X.12.4.399. A gap whose interval reaches 0 is a fold and no normal estimate: there the distances are added.
 */
export function changeInterval(
  before: SpannedGap,
  after: SpannedGap,
  correlation: number,
  confidence: number,
): Interval {
  const [was, is] = [before.at(confidence), after.at(confidence)];
  const value = after.value - before.value;
  const reach = (x: number, y: number, folds: boolean): number =>
    folds ? x + y : Math.sqrt(Math.max(0, x * x + y * y - 2 * correlation * x * y));
  return {
    low: Math.max(-1, value - reach(after.value - is.low, was.ceiling - before.value, is.low <= 0)),
    high: Math.min(1, value + reach(is.ceiling - after.value, before.value - was.low, was.low <= 0)),
  };
}

/** Two-sided p of no change: 1 less the greatest level whose interval leaves 0 out. */
export function changeP(before: SpannedGap, after: SpannedGap, correlation: number, replicates: number | null): number {
  // On the scale of z the ends move nearly evenly.
  const leaves = (z: number): boolean => {
    const { low, high } = changeInterval(before, after, correlation, 1 - 2 * normalCdf(-z));
    return low > 0 || high < 0;
  };
  const least = Math.max(leastP, replicates === null ? 0 : 1 / (replicates + 1));
  let high = criticalValue(1 - least);
  if (leaves(high)) return least;
  let low = 0;
  for (let step = 0; step < mostSteps && high - low > 1e-3; step++) {
    const middle = (low + high) / 2;
    if (leaves(middle)) low = middle;
    else high = middle;
  }
  return low === 0 ? 1 : Math.min(1, 2 * normalCdf(-low));
}
