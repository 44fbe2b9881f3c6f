import { logGamma } from "./beta.ts";

/**
 * Chance that a hypergeometric count (of `drawn` out of `all`, `marked` of them marked) lies at least `distance` from its
 * mean, on either side. Integers; relative error about 1e-8 for millions of rows.
 */
export function hypergeometricTails(all: number, marked: number, drawn: number, distance: number): number {
  const mean = (drawn * marked) / all;
  const least = Math.max(0, drawn + marked - all);
  const most = Math.min(drawn, marked);
  const logChoose = (n: number, k: number): number => logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
  const chance = (k: number): number =>
    Math.exp(logChoose(marked, k) + logChoose(all - marked, drawn - k) - logChoose(all, drawn));
  let sum = 0;
  const high = Math.max(least, Math.ceil(mean + distance));
  for (let k = high, term = high <= most ? chance(high) : 0; k <= most && term > 0; k++) {
    sum += term;
    if (term < sum * 1e-17) break;
    term *= ((marked - k) * (drawn - k)) / ((k + 1) * (all - marked - drawn + k + 1));
  }
  const low = Math.min(most, Math.floor(mean - distance));
  for (let k = low, term = low >= least ? chance(low) : 0; k >= least && term > 0; k--) {
    sum += term;
    if (term < sum * 1e-17) break;
    term *= (k * (all - marked - drawn + k)) / ((marked - k + 1) * (drawn - k + 1));
  }
  return Math.min(1, sum);
}
