/** Weights of tables, as shares of the likeliest one's, below which nothing is added. */
const nothing = 1e-320;

/**
 * Two-sided p of Fisher's exact test of the table [[a, b], [c, d]]: the probability of every table with the same
 * margins that is no likelier than the one seen (as R and scipy do); 1 where a margin is 0. Integers ≥ 0, exact products
 * of which are not needed: counts of thousands of millions do. Never 0, since the table seen is possible: where the
 * probability is smaller than any double, the smallest positive double.
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
  // The table seen is weighed by the same steps as all others: a difference of log Γ has too few digits at 1e9.
  let seen = 1;
  for (let x = mode; x < a && seen >= nothing; x++) seen *= up(x);
  for (let x = mode; x > a && seen >= nothing; x--) seen /= up(x - 1);
  if (seen < nothing) return Number.MIN_VALUE;
  // Every step may round by some 1e-16. The margin keeps a mirror table of equal probability in and, near the mode of a
  // large table, where neighbours differ by less than 1e-7 (R's margin), keeps likelier ones out.
  const bound = seen * (1 + 1e-14 * (64 + 4 * Math.abs(a - mode)));
  let all = 1;
  let extreme = 1 <= bound ? 1 : 0;
  for (let x = mode, weight = 1; x < most; x++) {
    weight *= up(x);
    if (weight < nothing) break;
    all += weight;
    if (weight <= bound) extreme += weight;
  }
  for (let x = mode, weight = 1; x > least; x--) {
    weight /= up(x - 1);
    if (weight < nothing) break;
    all += weight;
    if (weight <= bound) extreme += weight;
  }
  return Math.max(Number.MIN_VALUE, Math.min(1, extreme / all));
}
