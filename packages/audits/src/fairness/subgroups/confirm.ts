import {
  benjaminiHochberg,
  detectableDifference,
  differenceInterval,
  fisherGreater,
  type Interval,
  wilson,
} from "../../statistics/index.ts";
import { rightHeld, type Slice, wrongHeld } from "./found.ts";

/** Chance with which the smallest detectable difference is found. */
export const power = 0.8;

export interface Rate extends Interval {
  readonly value: number;
  readonly n: number;
  readonly errors: number;
}

/** A slice found in one half of the rows, looked at in the other. */
export interface Confirmed {
  readonly slice: Slice;
  /** Null where no held-out row is in the slice. */
  readonly rate: Rate | null;
  /** All other held-out rows; null where there are none. */
  readonly rest: Rate | null;
  /** Rate less the rest's. */
  readonly difference: (Interval & { readonly value: number }) | null;
  /** Fisher's exact one-sided p of the slice being worse than the rest, and Benjamini–Hochberg's over all slices found. */
  readonly p: number;
  readonly pAdjusted: number;
  readonly isConfirmed: boolean;
  /** Smallest difference that the test would have found with `power`, at its strictest level. */
  readonly detectable: number | null;
}

/** The rate less the rest's. Where the one-sided test does not reject "no worse", the interval reaches 0 from that side. */
function differenceOf(rate: Rate, rest: Rate, p: number, confidence: number): Interval & { readonly value: number } {
  const { low, high } = differenceInterval(rate, rest);
  return { value: rate.value - rest.value, low: p > 1 - confidence ? Math.min(low, 0) : low, high };
}

/**
 * The test of every slice on rows that had no part in finding it: given the slices, its p values are exact for any way of
 * finding them. Two-sided intervals; a one-sided test, as the slices were looked for as worse ones.
 */
export function confirmSlices(
  slices: readonly Slice[],
  totals: readonly number[],
  confidence: number,
): readonly Confirmed[] {
  const all = { n: (totals[rightHeld] ?? 0) + (totals[wrongHeld] ?? 0), errors: totals[wrongHeld] ?? 0 };
  const rateOf = (errors: number, n: number): Rate | null =>
    n === 0 ? null : { value: errors / n, n, errors, ...wilson(errors, n, confidence) };
  const rows = slices.map((slice) => {
    const errors = slice.counts[wrongHeld] ?? 0;
    const n = (slice.counts[rightHeld] ?? 0) + errors;
    const rate = rateOf(errors, n);
    const rest = rateOf(all.errors - errors, all.n - n);
    const p = fisherGreater(errors, n - errors, all.errors - errors, all.n - n - (all.errors - errors));
    return { slice, rate, rest, p };
  });
  const adjusted = benjaminiHochberg(rows.map(({ p }) => p));
  const alpha = (1 - confidence) / Math.max(1, rows.length);
  return rows.map(({ slice, rate, rest, p }, index) => {
    const pAdjusted = adjusted[index] ?? 1;
    return {
      slice,
      rate,
      rest,
      difference: rate && rest && differenceOf(rate, rest, p, confidence),
      p,
      pAdjusted,
      isConfirmed: rate !== null && rest !== null && pAdjusted < 1 - confidence,
      detectable: rate && rest && detectableDifference(rest.value, { n: rate.n, m: rest.n }, { alpha, power }),
    };
  });
}
