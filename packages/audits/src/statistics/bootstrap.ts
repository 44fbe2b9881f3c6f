import type { Interval } from "./interval.ts";
import { criticalValue, normalCdf, normalQuantile } from "./normal.ts";
import { quantilesOf } from "./quantile.ts";

/**
 * The percentile interval of bootstrap replicates. Replicates where the estimate is not defined (NaN) are left out.
 * B. Efron, The Jackknife, the Bootstrap and Other Resampling Plans (1982), doi:10.1137/1.9781611970319.
 */
export function percentileInterval(values: ArrayLike<number>, confidence: number): Interval {
  const [low, high] = quantilesOf(defined(values), [(1 - confidence) / 2, (1 + confidence) / 2]);
  return { low: low ?? Number.NaN, high: high ?? Number.NaN };
}

export interface BcaInput {
  readonly estimate: number;
  /** The estimate in every replicate; NaN where it is not defined. */
  readonly replicates: ArrayLike<number>;
  /** The estimate without one row of a kind, and how many rows are of that kind. One entry per cell is enough. */
  readonly jackknife: readonly { readonly value: number; readonly weight: number }[];
  readonly confidence: number;
}

/**
 * The bias-corrected and accelerated interval; the percentile one, and says so, where BCa is not defined (all replicates
 * on one side of the estimate, or a jackknife without spread). Ties with the estimate count half, as scipy does.
 * B. Efron, JASA 82 (1987) 171–185, doi:10.1080/01621459.1987.10478410.
 */
export function bcaInterval(input: BcaInput): Interval & { readonly method: "bca" | "percentile" } {
  const { estimate, jackknife, confidence } = input;
  const { replicates } = input;
  const kept = new Float64Array(replicates.length);
  let length = 0;
  let below = 0;
  let equal = 0;
  for (let index = 0; index < replicates.length; index++) {
    const value = replicates[index] ?? Number.NaN;
    // Without a branch, which would be guessed wrong every other time.
    kept[length] = value;
    length += Number(!Number.isNaN(value));
    below += Number(value < estimate);
    equal += Number(value === estimate);
  }
  const values = kept.subarray(0, length);
  const bias = normalQuantile((below + equal / 2) / values.length);
  let rows = 0;
  let mean = 0;
  for (const { value, weight } of jackknife) {
    if (!Number.isFinite(value)) continue;
    rows += weight;
    mean += weight * value;
  }
  mean /= rows;
  let squares = 0;
  let cubes = 0;
  for (const { value, weight } of jackknife) {
    if (!Number.isFinite(value)) continue;
    const off = mean - value;
    squares += weight * off * off;
    cubes += weight * off * off * off;
  }
  const acceleration = cubes / (6 * squares ** 1.5);
  if (!Number.isFinite(bias) || !Number.isFinite(acceleration)) {
    return { ...percentileInterval(values, confidence), method: "percentile" };
  }
  const z = criticalValue(confidence);
  const level = (side: number): number => {
    const shifted = bias + side * z;
    return normalCdf(bias + shifted / (1 - acceleration * shifted));
  };
  const [low, high] = quantilesOf(values, [level(-1), level(1)]);
  return { low: low ?? Number.NaN, high: high ?? Number.NaN, method: "bca" };
}

/** A copy without NaN. */
function defined(values: ArrayLike<number>): Float64Array {
  const kept = new Float64Array(values.length);
  let length = 0;
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? Number.NaN;
    if (!Number.isNaN(value)) kept[length++] = value;
  }
  return kept.subarray(0, length);
}
