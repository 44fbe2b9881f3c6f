import { binomial, type PhiloxStream } from "@assay/compute";
import type { Confusions } from "../../packages/audits/src/groups/groups.ts";

/** Probabilities come as millionths, so that a draw is exact. */
const parts = 1_000_000;

export function drawCount(random: PhiloxStream, n: number, p: number): number {
  return binomial(random, n, Math.round(Math.min(1, Math.max(0, p)) * parts), parts);
}

/** How decisions fall in a group: base rate, true- and false-positive rate. */
export interface World {
  readonly base: number;
  readonly tpr: number;
  readonly fpr: number;
}

/** Expected shares of the confusion table. */
export function sharesOf({ base, tpr, fpr }: World): { tp: number; fp: number; fn: number; tn: number } {
  return { tp: base * tpr, fn: base * (1 - tpr), fp: (1 - base) * fpr, tn: (1 - base) * (1 - fpr) };
}

/** The confusion table of n rows drawn from a world. */
export function drawTable(random: PhiloxStream, n: number, world: World): Confusions {
  const positive = drawCount(random, n, world.base);
  const tp = drawCount(random, positive, world.tpr);
  const fp = drawCount(random, n - positive, world.fpr);
  return { counts: { tp, fn: positive - tp, fp, tn: n - positive - fp }, weights: null };
}

/** A kind of row: its weight, how common it is, and how decisions fall on it. */
export interface WeightClass {
  readonly weight: number;
  readonly share: number;
  readonly world: World;
}

/** The weighted table of n rows whose weights may go with the outcome. */
export function drawWeighted(random: PhiloxStream, n: number, classes: readonly WeightClass[]): Confusions {
  const counts = { tp: 0, fp: 0, fn: 0, tn: 0 };
  const sums = { tp: 0, fp: 0, fn: 0, tn: 0 };
  const squares = { tp: 0, fp: 0, fn: 0, tn: 0 };
  let left = n;
  let mass = 1;
  for (const [index, { weight, share, world }] of classes.entries()) {
    const rows = index === classes.length - 1 ? left : drawCount(random, left, share / mass);
    left -= rows;
    mass -= share;
    const table = drawTable(random, rows, world).counts;
    for (const cell of ["tp", "fp", "fn", "tn"] as const) {
      counts[cell] += table[cell];
      sums[cell] += weight * table[cell];
      squares[cell] += weight * weight * table[cell];
    }
  }
  return { counts, weights: { sums, squares } };
}

/** The table that weighting is meant to estimate, as shares. */
export function weightedShares(classes: readonly WeightClass[]): { tp: number; fp: number; fn: number; tn: number } {
  const sum = { tp: 0, fp: 0, fn: 0, tn: 0 };
  let all = 0;
  for (const { weight, share, world } of classes) {
    const shares = sharesOf(world);
    all += weight * share;
    for (const cell of ["tp", "fp", "fn", "tn"] as const) sum[cell] += weight * share * shares[cell];
  }
  return { tp: sum.tp / all, fp: sum.fp / all, fn: sum.fn / all, tn: sum.tn / all };
}
