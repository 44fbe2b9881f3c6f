import { binomial, PhiloxStream } from "@assay/compute";
import type { Confusions } from "../../groups/groups.ts";
import type { Rows } from "./rows.ts";
import { streams } from "./streams.ts";

/** What a method makes of the rows: decisions before it, and the chance of a positive one after it. */
export interface Decided {
  /** u8[rows]: 1 where the decision was positive. */
  readonly before: Uint8Array;
  /** float64[rows], 0 to 1. */
  readonly chance: Float64Array;
}

export const parts = ["train", "test"] as const;
export type PartName = (typeof parts)[number];
/** `unconstrained`: the same learner without the constraint. */
export type Version = "after" | "before" | "unconstrained";

/** Cells of one group: part × label × before × after, and part × label. */
const jointCells = 16;
const expectedCells = 4;

/** Rows, Σw and Σw² of some cells; the sums are null where rows carry no weight. */
export type CellSums = {
  readonly counts: Float64Array;
  readonly sums: Float64Array | null;
  readonly squares: Float64Array | null;
};

/** Decisions before and after, by group. */
export type OutcomeTable = {
  /** groups × train, test × label − + × before − + × after − +, as each row was decided by its own draw. */
  readonly joint: CellSums;
  /** groups × train, test × label − +: expected positive decisions after, over the draws. */
  readonly expected: CellSums;
};

/** One deterministic draw for each row: positive where it is below the chance. Philox of (seed, row). */
export function drawnAt(seed: number, row: number): number {
  return new PhiloxStream(seed, streams.apply, row).uniform();
}

/**
 * Counts every row, and decides it by its own draw. `after` is u8[rows], null where rows stand for many people; `drawn` are the
 * held-out rows whose decision is not certain.
 */
export function tabulate(
  rows: Rows,
  { before, chance }: Decided,
  seed: number,
): { readonly outcomes: OutcomeTable; readonly after: Uint8Array | null; readonly drawn: number } {
  const { table, weights, group, label } = rows;
  const make = (cells: number): CellSums => ({
    counts: new Float64Array(rows.groups.length * cells),
    sums: weights ? new Float64Array(rows.groups.length * cells) : null,
    squares: weights ? new Float64Array(rows.groups.length * cells) : null,
  });
  const joint = make(jointCells);
  const expected = make(expectedCells);
  const after = table.counts === null ? new Uint8Array(table.rows) : null;
  let drawn = 0;
  for (let row = 0; row < table.rows; row++) {
    const p = chance[row] ?? 0;
    const w = weights?.[row] ?? 1;
    const yes = (label[row] ?? 1) - 1;
    const single = after === null ? null : p > 0 && (p >= 1 || drawnAt(seed, row) < p) ? 1 : 0;
    if (after !== null && single !== null) after[row] = single;
    if (p > 0 && p < 1) drawn += rows.test[row] ?? 0;
    for (const [part, times] of [rows.train[row] ?? 0, rows.test[row] ?? 0].entries()) {
      if (times === 0) continue;
      const place = ((group[row] ?? 0) * 2 + part) * 2 + yes;
      add(expected, place, times * p, w);
      const cell = (place * 2 + (before[row] ?? 0)) * 2;
      const positive = single === null ? drawMany(seed, row * 2 + part, times, p) : single * times;
      add(joint, cell + 1, positive, w);
      add(joint, cell, times - positive, w);
    }
  }
  return { outcomes: { joint, expected }, after, drawn };
}

function drawMany(seed: number, place: number, times: number, chance: number): number {
  if (chance <= 0) return 0;
  if (chance >= 1) return times;
  const parts = 1_073_741_824;
  return binomial(new PhiloxStream(seed, streams.apply, place * 1_048_576), times, Math.round(chance * parts), parts);
}

function add({ counts, sums, squares }: CellSums, cell: number, times: number, weight: number): void {
  if (times === 0) return;
  counts[cell] = (counts[cell] ?? 0) + times;
  if (sums) sums[cell] = (sums[cell] ?? 0) + weight * times;
  if (squares) squares[cell] = (squares[cell] ?? 0) + weight * weight * times;
}

/** The confusion table of some groups: as decided before, or as expected after. */
export function confusionOf(
  { joint, expected }: OutcomeTable,
  groups: readonly number[],
  part: PartName,
  version: "after" | "before",
): Confusions {
  const partPlace = part === "train" ? 0 : 1;
  const of = (field: "counts" | "squares" | "sums") => {
    const cells = joint[field] ?? joint.counts;
    const chances = expected[field] ?? expected.counts;
    const table = { tp: 0, fp: 0, fn: 0, tn: 0 };
    for (const group of groups) {
      for (const yes of [0, 1]) {
        const place = (group * 2 + partPlace) * 2 + yes;
        let all = 0;
        let chosen = 0;
        for (let cell = 0; cell < 4; cell++) {
          const rows = cells[place * 4 + cell] ?? 0;
          all += rows;
          if (version === "before" && cell >= 2) chosen += rows;
        }
        if (version === "after") chosen = Math.min(all, chances[place] ?? 0);
        if (yes === 1) {
          table.tp += chosen;
          table.fn += all - chosen;
        } else {
          table.fp += chosen;
          table.tn += all - chosen;
        }
      }
    }
    return table;
  };
  return {
    counts: of("counts"),
    weights: joint.sums === null ? null : { sums: of("sums"), squares: of("squares") },
  };
}

/** Held-out rows that only one version decides as their label says, or positively, and all of them. */
export function pairedOf(
  { joint }: OutcomeTable,
  groups: readonly number[],
  of: "accuracy" | "selection-rate",
): Record<"less" | "more" | "rows", { count: number; sum: number; square: number }> {
  const none = () => ({ count: 0, sum: 0, square: 0 });
  const found = { more: none(), less: none(), rows: none() };
  for (const group of groups) {
    for (const yes of [0, 1]) {
      const place = (group * 2 + 1) * 2 + yes;
      for (let cell = 0; cell < 4; cell++) {
        const hit = of === "accuracy" ? yes : 1;
        const was = cell >> 1 === hit;
        const is = (cell & 1) === hit;
        const into = [found.rows, ...(is && !was ? [found.more] : was && !is ? [found.less] : [])];
        for (const one of into) {
          one.count += joint.counts[place * 4 + cell] ?? 0;
          one.sum += joint.sums?.[place * 4 + cell] ?? 0;
          one.square += joint.squares?.[place * 4 + cell] ?? 0;
        }
      }
    }
  }
  return found;
}
