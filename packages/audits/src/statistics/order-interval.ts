import { betaCdf } from "./beta.ts";
import type { Interval } from "./interval.ts";

/**
 * The interval of a quantile between two of the sorted values: with n values drawn alike, how many lie below the p-quantile
 * is binomial, whatever their distribution (H. A. David and H. N. Nagaraja, Order Statistics (2003), section 7.1). Each side
 * is missed with probability (1 − confidence) / 2 at most.
 * @param sorted ascending
 * @param independent as how many independent values they count, where one tells of the next; at most `sorted.length`
 * @returns null where so few values bound the quantile on one side only
 */
export function orderInterval(
  sorted: ArrayLike<number>,
  p: number,
  confidence: number,
  independent = sorted.length,
): Interval | null {
  const count = Math.min(sorted.length, Math.floor(independent));
  if (count < 1) return null;
  const tail = (1 - confidence) / 2;
  // P(at most k of the count below the quantile).
  const atMost = (k: number): number => (k < 0 ? 0 : k >= count ? 1 : betaCdf(1 - p, count - k, k + 1));
  // The greatest rank that so few values below the quantile reach with probability `tail` at most.
  const lower = lastWhere(count, (rank) => atMost(rank - 1) <= tail);
  const upper = count + 1 - lastWhere(count, (rank) => 1 - atMost(count - rank) <= tail);
  if (lower < 1 || upper > count) return null;
  const stretch = sorted.length / count;
  return {
    low: sorted[Math.max(0, Math.floor(lower * stretch) - 1)] ?? Number.NaN,
    high: sorted[Math.min(sorted.length, Math.ceil(upper * stretch)) - 1] ?? Number.NaN,
  };
}

/** The fewest independent values that bound the p-quantile on both sides. */
export function fewestForOrderInterval(p: number, confidence: number): number {
  const tail = (1 - confidence) / 2;
  return Math.ceil(Math.max(Math.log(tail) / Math.log(p), Math.log(tail) / Math.log(1 - p)));
}

/** The last of 1 … count for which it holds, where it holds up to some place; 0 where it never does. */
function lastWhere(count: number, holds: (place: number) => boolean): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}
