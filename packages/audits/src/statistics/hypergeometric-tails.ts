import { logGamma } from "./beta.ts";

/** Below it numbers lose digits, and processors take a hundred times as long for each. */
const leastNormal = 2.2250738585072014e-308;

/**
 * Chance that a hypergeometric count (of `drawn` out of `all`, `marked` of them marked) lies at least `distance` from its
 * mean, on either side. Integers; relative error about 1e-8 for millions of rows, where it is above 1e-290. A chance above
 * `ceiling` is only told to be above it: its many terms are not added up.
 */
export function hypergeometricTails(all: number, marked: number, drawn: number, distance: number, ceiling = 1): number {
  const mean = (drawn * marked) / all;
  const least = Math.max(0, drawn + marked - all);
  const most = Math.min(drawn, marked);
  const logChoose = (n: number, k: number): number => logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
  const chance = (k: number): number =>
    Math.exp(logChoose(marked, k) + logChoose(all - marked, drawn - k) - logChoose(all, drawn));
  let sum = 0;
  const high = Math.max(least, Math.ceil(mean + distance));
  for (let k = high, term = high <= most ? chance(high) : 0; k <= most && term > 0 && sum <= ceiling; k++) {
    const next = ((marked - k) * (drawn - k)) / ((k + 1) * (all - marked - drawn + k + 1));
    if (term < leastNormal) {
      sum += boundOfRest(term, next);
      break;
    }
    sum += term;
    if (term * 1e17 < sum) break;
    term *= next;
  }
  const low = Math.min(most, Math.floor(mean - distance));
  for (let k = low, term = low >= least ? chance(low) : 0; k >= least && term > 0 && sum <= ceiling; k--) {
    const next = (k * (all - marked - drawn + k)) / ((marked - k + 1) * (drawn - k + 1));
    if (term < leastNormal) {
      sum += boundOfRest(term, next);
      break;
    }
    sum += term;
    if (term * 1e17 < sum) break;
    term *= next;
  }
  return Math.min(1, sum);
}

/** Terms whose ratios fall from `ratio` on add up to less than the geometric series. */
function boundOfRest(term: number, ratio: number): number {
  return ratio < 1 ? term / (1 - ratio) : 1;
}
