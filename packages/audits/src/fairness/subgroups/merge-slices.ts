import { fisherGreater } from "../../statistics/index.ts";
import type { Confirmed } from "./confirm.ts";
import { rightHeld, type Slice, wrongHeld } from "./found.ts";

/** Why a slice is told under another. */
export type Fold =
  /** Mostly the same people. */
  | "same"
  /** Within the other, and no worse than the rest of it. */
  | "narrower"
  /** Around the other, and no worse than everyone else without it. */
  | "wider";

/** Where a slice is told: at its own place, or under the slice of another index. */
export type Place = { readonly kind: "own" } | { readonly kind: Fold; readonly under: number };

/**
 * Overlapping slices told once. A slice that adds nothing to a found one around it goes under that one; of slices that
 * share at least `overlap` of their people (Jaccard) the first stands for all; one that is worse only because it holds a
 * worse one goes under that. What "adds nothing" means is tested on the held-out rows, each test at 1 − confidence over
 * the number of slices, so that chance alone seldom tells one group as two.
 * @param pairs `pairs[i * k + j]`: rows in both slice i and slice j, j ≤ i
 */
export function placeSlices(
  confirmed: readonly Confirmed[],
  pairs: ArrayLike<number>,
  totals: readonly number[],
  { confidence, overlap }: { readonly confidence: number; readonly overlap: number },
): readonly Place[] {
  const k = confirmed.length;
  const slices = confirmed.map((one) => one.slice);
  const shared = (i: number, j: number): number => pairs[Math.max(i, j) * k + Math.min(i, j)] ?? 0;
  const jaccard = (i: number, j: number): number => {
    const both = shared(i, j);
    return both / Math.max(1, shared(i, i) + shared(j, j) - both);
  };
  const level = (1 - confidence) / Math.max(1, k);
  const whole = heldOf(totals);
  const places = slices.map((): Place => ({ kind: "own" }));
  const isOwn = (index: number): boolean => places[index]?.kind === "own";
  // What is confirmed is not told under what is not.
  const mayStand = (under: number, index: number): boolean =>
    isOwn(under) && (confirmed[under]?.isConfirmed === true || confirmed[index]?.isConfirmed !== true);

  // Around before within: a slice goes under the widest one to which it adds nothing.
  const byWidth = [...slices.keys()].sort(
    (i, j) => (slices[i]?.columns.length ?? 0) - (slices[j]?.columns.length ?? 0) || i - j,
  );
  for (const index of byWidth) {
    const own = slices[index];
    if (!own) continue;
    const around = byWidth.find((other) => {
      const wide = slices[other];
      if (wide === undefined || !mayStand(other, index) || !isWithin(own, wide)) return false;
      return isNoWorse(heldOf(own.counts), heldOf(wide.counts), level);
    });
    if (around !== undefined)
      places[index] = { kind: jaccard(index, around) >= overlap ? "same" : "narrower", under: around };
  }
  const byClaim = [...slices.keys()].sort(
    (i, j) => Number(confirmed[j]?.isConfirmed ?? false) - Number(confirmed[i]?.isConfirmed ?? false) || i - j,
  );
  for (const [rank, index] of byClaim.entries()) {
    if (!isOwn(index)) continue;
    const first = byClaim.slice(0, rank).find((other) => isOwn(other) && jaccard(index, other) >= overlap);
    if (first !== undefined) places[index] = { kind: "same", under: first };
  }
  for (let index = 0; index < k; index++) {
    const wide = slices[index];
    if (!isOwn(index) || !wide) continue;
    const inner = slices.findIndex(
      (one, other) =>
        other !== index &&
        mayStand(other, index) &&
        isWithin(one, wide) &&
        isNoWorse(less(heldOf(wide.counts), heldOf(one.counts)), less(whole, heldOf(one.counts)), level),
    );
    if (inner !== -1) places[index] = { kind: "wider", under: inner };
  }
  // A slice that stood for others and went under another itself takes them along.
  return places.map((place) => {
    let now = place;
    while (now.kind !== "own") {
      const next: Place = places[now.under] ?? { kind: "own" };
      if (next.kind === "own") break;
      now = { kind: now.kind, under: next.under };
    }
    return now;
  });
}

interface Held {
  readonly n: number;
  readonly errors: number;
}

function heldOf(counts: readonly number[]): Held {
  const errors = counts[wrongHeld] ?? 0;
  return { n: (counts[rightHeld] ?? 0) + errors, errors };
}

function less(all: Held, part: Held): Held {
  return { n: all.n - part.n, errors: all.errors - part.errors };
}

/** Whether the rows of a part show no higher rate than the other rows of the whole around it. */
function isNoWorse(part: Held, around: Held, level: number): boolean {
  const rest = less(around, part);
  return fisherGreater(part.errors, part.n - part.errors, rest.errors, rest.n - rest.errors) >= level;
}

/** Whether every row of one slice is in the other by its description: all the other's bins, and more. */
function isWithin(narrow: Slice, wide: Slice): boolean {
  return (
    narrow.columns.length > wide.columns.length &&
    wide.columns.every((column, index) => narrow.bins[narrow.columns.indexOf(column)] === wide.bins[index])
  );
}
