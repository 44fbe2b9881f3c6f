import { log } from "@assay/compute";
import type { Interval } from "./interval.ts";
import { noncentralChiSquaredCdf } from "./noncentral-chi-squared.ts";

export interface StabilityIndex extends Interval {
  /** Σ (q − p) log(q / p) over bins. */
  readonly value: number;
  /** What is left of it once what chance alone gives on average is taken off; 0 at least. */
  readonly corrected: number;
}

/**
 * The population stability index of two samples over bins (Jeffreys' divergence of their shares), rows of each in every bin, and
 * its large-sample interval of one look. Where shares differ little, index / (1/n + 1/m) is χ² with bins − 1 degrees of freedom,
 * with the true index over the same as noncentrality: its ends are those at which the index lies in either tail. Where shares
 * differ much the index spreads more widely than that, as its own derivatives tell (the delta method), and the interval is
 * stretched by as much. Where a bin is empty, half a row is added to every one. B. Yurdakul, J. Naranjo, Journal of Risk Model
 * Validation 14 (2020) 89–100.
 */
export function stabilityIndex(
  before: readonly number[],
  after: readonly number[],
  confidence: number,
): StabilityIndex {
  const half = before.some((count) => count === 0) || after.some((count) => count === 0) ? 0.5 : 0;
  const sumOf = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count + half, 0);
  const [n, m] = [sumOf(before), sumOf(after)];
  const bins = before.map((count, bin) => {
    const p = (count + half) / n;
    const q = ((after[bin] ?? 0) + half) / m;
    return { p, q, ratio: log(q / p) };
  });
  const value = bins.reduce((sum, { p, q, ratio }) => sum + (q - p) * ratio, 0);
  const scale = 1 / n + 1 / m;
  const freedom = before.length - 1;
  const corrected = Math.max(0, value - freedom * scale);
  const tail = (1 - confidence) / 2;
  const stretch = Math.max(1, Math.sqrt(spreadOf(bins, n, m) / (2 * scale * (freedom * scale + 2 * corrected))));
  const end = (chance: number): number => scale * noncentrality(value / scale, freedom, chance);
  return {
    value,
    corrected,
    low: Math.min(value, Math.max(0, corrected - stretch * (corrected - end(1 - tail)))),
    high: Math.max(value, corrected + stretch * (end(tail) - corrected)),
  };
}

/** The index's variance by the delta method. */
function spreadOf(
  bins: readonly { readonly p: number; readonly q: number; readonly ratio: number }[],
  n: number,
  m: number,
): number {
  const variance = (terms: readonly { readonly share: number; readonly slope: number }[]): number => {
    const mean = terms.reduce((sum, { share, slope }) => sum + share * slope, 0);
    return terms.reduce((sum, { share, slope }) => sum + share * (slope - mean) ** 2, 0);
  };
  return (
    variance(bins.map(({ p, q, ratio }) => ({ share: p, slope: -ratio - q / p }))) / n +
    variance(bins.map(({ p, q, ratio }) => ({ share: q, slope: ratio - p / q }))) / m
  );
}

/** The noncentrality at which so small a value has this chance; 0 where even the central law gives it less. */
function noncentrality(value: number, freedom: number, chance: number): number {
  if (noncentralChiSquaredCdf(value, freedom, 0) <= chance) return 0;
  let low = 0;
  let high = value + 1;
  while (noncentralChiSquaredCdf(value, freedom, high) > chance) {
    low = high;
    high *= 2;
  }
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (noncentralChiSquaredCdf(value, freedom, middle) > chance) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
