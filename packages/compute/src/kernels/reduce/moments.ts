import { addExact, type ExactSum, exactParts } from "../../exact-sum.ts";
import { ratioToNumber } from "./ratio.ts";

/** What is known of some numbers; of any parts of them it adds up to the same, whatever the order. */
export interface Moments {
  /** Numbers, without those that are missing. */
  readonly count: number;
  readonly missing: number;
  /** Σx. */
  readonly sum: ExactSum;
  /** Σx². */
  readonly squares: ExactSum;
  /** null where there is no number. */
  readonly min: number | null;
  readonly max: number | null;
}

export const noMoments: Moments = { count: 0, missing: 0, sum: "0", squares: "0", min: null, max: null };

/** The moments of two parts' numbers together: associative and commutative, to the last bit. */
export function mergeMoments(a: Moments, b: Moments): Moments {
  return {
    count: a.count + b.count,
    missing: a.missing + b.missing,
    sum: addExact(a.sum, b.sum),
    squares: addExact(a.squares, b.squares),
    min: a.min === null || b.min === null ? (a.min ?? b.min) : Math.min(a.min, b.min),
    max: a.max === null || b.max === null ? (a.max ?? b.max) : Math.max(a.max, b.max),
  };
}

/** The double nearest to the exact mean; null of no numbers. */
export function mean({ count, sum }: Moments): number | null {
  if (count === 0) return null;
  const { integer, exponent } = exactParts(sum);
  return ratioToNumber(integer, BigInt(count), exponent);
}

/**
 * The double nearest to the exact Σ(x − mean)² / (count − ddof), ±Infinity beyond the doubles; null of no more than `ddof`
 * numbers. `ddof` is an integer from 0: 1, the default, for a sample's variance, 0 for a population's.
 */
export function variance({ count, sum, squares }: Moments, ddof = 1): number | null {
  if (count <= ddof) return null;
  const n = BigInt(count);
  const first = exactParts(sum);
  const second = exactParts(squares);
  // (n Σx² − (Σx)²) / (n (n − ddof)), both terms as integers times 2^exponent.
  const exponent = Math.min(2 * first.exponent, second.exponent);
  const spread =
    ((n * second.integer) << BigInt(second.exponent - exponent)) -
    ((first.integer * first.integer) << BigInt(2 * first.exponent - exponent));
  return ratioToNumber(spread, n * (n - BigInt(ddof)), exponent);
}
