import { logGamma } from "./beta.ts";

/**
 * Two-sided p of Fisher's exact test of the table [[a, b], [c, d]]: the probability of every table with the same
 * margins that is no likelier than the one seen (as R and scipy do); 1 where a margin is 0. Integers ≥ 0.
 * R. A. Fisher, Statistical Methods for Research Workers, 5th ed. (1934), section 21.02.
 */
export function fisherExact(a: number, b: number, c: number, d: number): number {
  const row = a + b;
  const column = a + c;
  const n = a + b + c + d;
  const least = Math.max(0, row + column - n);
  const most = Math.min(row, column);
  if (least === most) return 1;
  // Ratios to the mode: nothing underflows near it, and what underflows far away is nothing.
  const mode = Math.min(most, Math.max(least, Math.floor(((row + 1) * (column + 1)) / (n + 2))));
  const up = (x: number): number => ((row - x) * (column - x)) / ((x + 1) * (n - row - column + x + 1));
  const logWeight = (x: number): number =>
    -(logGamma(x + 1) + logGamma(row - x + 1) + logGamma(column - x + 1) + logGamma(n - row - column + x + 1));
  // The margin of 1e-7 keeps a mirror table of equal probability in, whatever its rounding.
  const bound = Math.exp(logWeight(a) - logWeight(mode)) * (1 + 1e-7);
  let all = 1;
  let extreme = 1 <= bound ? 1 : 0;
  for (let x = mode, weight = 1; x < most; x++) {
    weight *= up(x);
    if (weight < 1e-320) break;
    all += weight;
    if (weight <= bound) extreme += weight;
  }
  for (let x = mode, weight = 1; x > least; x--) {
    weight /= up(x - 1);
    if (weight < 1e-320) break;
    all += weight;
    if (weight <= bound) extreme += weight;
  }
  return Math.min(1, extreme / all);
}
