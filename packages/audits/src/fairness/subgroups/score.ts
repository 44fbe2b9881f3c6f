/** What a slice is scored against: all rows it was looked for in, those in error among them, and the error's weight. */
export interface Whole {
  readonly rows: number;
  readonly errors: number;
  readonly alpha: number;
}

/** Scores that differ by less are told apart by rounding alone: no slice is given up for it. */
const rounding = 1e-9;

/**
 * SliceLine's score of a slice of n rows, e of them in error: α (error rate over the overall one − 1) − (1 − α) (all rows
 * over its rows − 1). Above 0 where a slice is worse than the whole by more than its smallness costs.
 * S. Sagadeeva and M. Boehm, SIGMOD 2021, doi:10.1145/3448016.3457323, definition 1.
 */
export function scoreOf(n: number, e: number, { rows, errors, alpha }: Whole): number {
  return alpha * ((e * rows) / (n * errors) - 1) - (1 - alpha) * ((rows - n) / n);
}

/**
 * The highest score that a slice of at most n rows, at most e of them in error, and at least `least` rows can have; so
 * that of every slice within one. With s rows, all in error while s ≤ e, the score rises with s up to e; beyond, it rises
 * or falls throughout: the highest lies at s = e or at an end. Section 3.2 of the same paper, with errors of 0 or 1.
 */
export function boundOf(n: number, e: number, least: number, whole: Whole): number {
  if (n < least || e < 1) return Number.NEGATIVE_INFINITY;
  const turn = Math.max(least, Math.min(e, n));
  return Math.max(scoreOf(turn, Math.min(e, turn), whole), scoreOf(n, Math.min(e, n), whole));
}

/** Whether slices under a bound can still be among the best, the last of which scores `least`. */
export function canReach(bound: number, least: number): boolean {
  return bound >= least - rounding * Math.max(1, Math.abs(least));
}
