/** Weights of tables, as shares of the likeliest one's, below which nothing is added. */
const nothing = 1e-320;

/**
 * One-sided p of Fisher's exact test of the table [[a, b], [c, d]] against the first row's rate being higher than the
 * second's: the probability, with the same margins, of a first cell of at least a; 1 where a margin is 0. Integers ≥ 0.
 * Never 0, since the table seen is possible: where the probability is smaller than any double, the smallest positive one.
 * R. A. Fisher, Statistical Methods for Research Workers, 5th ed. (1934), section 21.02.
 */
export function fisherGreater(a: number, b: number, c: number, d: number): number {
  const row = a + b;
  const column = a + c;
  const n = a + b + c + d;
  const least = Math.max(0, row + column - n);
  const most = Math.min(row, column);
  if (a <= least) return 1;
  // Ratios to the mode: nothing underflows near it, and what underflows far away is nothing.
  const mode = Math.min(most, Math.max(least, Math.floor(((row + 1) * (column + 1)) / (n + 2))));
  const up = (x: number): number => ((row - x) * (column - x)) / ((x + 1) * (n - row - column + x + 1));
  let below = 0;
  let above = 0;
  const add = (x: number, weight: number): void => {
    if (x >= a) above += weight;
    else below += weight;
  };
  add(mode, 1);
  for (let x = mode, weight = 1; x < most; x++) {
    weight *= up(x);
    if (weight < nothing) break;
    add(x + 1, weight);
  }
  for (let x = mode, weight = 1; x > least; x--) {
    weight /= up(x - 1);
    if (weight < nothing) break;
    add(x - 1, weight);
  }
  return Math.max(Number.MIN_VALUE, Math.min(1, above / (above + below)));
}
