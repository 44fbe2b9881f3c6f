import { type Device, ranks } from "@assay/compute";
import { type ColumnRequest, numbers } from "@assay/dataset";
import type { Rows } from "../rows.ts";
import type { GroupScores } from "./hull.ts";

/** Strata of a cell: label − + × decision before − +. */
export const strata = 4;

/** Sorted scores of every group, laid end to end, with the rows of each stratum at each. */
export type ScoreCells = {
  /** Entries of each group. */
  readonly sizes: Uint32Array;
  /** float64[entries]: rising in each group. */
  readonly scores: Float64Array;
  /** A second key, rising at each score; null where rows carry no weight. */
  readonly weights: Float64Array | null;
  /** [strata × entries]. */
  readonly rows: Float64Array;
};

/** Rows learned from, or held out, as sorted scores of each group. */
export async function scoreCells(
  device: Device,
  rows: Rows,
  score: ColumnRequest,
  counts: Float64Array,
): Promise<ScoreCells> {
  const { table, label, decision, group, groups, weights } = rows;
  const codes = new Uint8Array(table.rows);
  for (let row = 0; row < codes.length; row++) {
    if (label[row] === 0) continue;
    const before = decision && decision[row] === 2 ? 1 : 0;
    codes[row] = 1 + ((label[row] ?? 1) - 1) * 2 + before;
  }
  const found = await ranks(device, {
    scores: numbers(table, score).values,
    weights,
    strata: { codes, size: strata + 1 },
    parts: { codes: Uint32Array.from(group), size: Math.max(1, groups.length) },
    counts,
    order: false,
  });
  return { sizes: found.sizes, scores: found.scores, weights: found.weights, rows: Float64Array.from(found.rows) };
}

/** The scores of one group, weights folded in. */
export function scoresOfGroups(cells: ScoreCells): GroupScores[] {
  const { scores, weights, rows } = cells;
  const entries = scores.length;
  let start = 0;
  return Array.from(cells.sizes, (size): GroupScores => {
    const own: { scores: number[]; positive: number[]; negative: number[] } = {
      scores: [],
      positive: [],
      negative: [],
    };
    for (let entry = start; entry < start + size; entry++) {
      const weight = weights?.[entry] ?? 1;
      const negative = weight * ((rows[entry] ?? 0) + (rows[entries + entry] ?? 0));
      const positive = weight * ((rows[2 * entries + entry] ?? 0) + (rows[3 * entries + entry] ?? 0));
      const last = own.scores.length - 1;
      if (own.scores[last] === scores[entry]) {
        own.positive[last] = (own.positive[last] ?? 0) + positive;
        own.negative[last] = (own.negative[last] ?? 0) + negative;
      } else {
        own.scores.push(scores[entry] ?? 0);
        own.positive.push(positive);
        own.negative.push(negative);
      }
    }
    start += size;
    return own;
  });
}

/** Rows (not weights) of each group. */
export function rowsOfGroups(cells: ScoreCells): Float64Array {
  const { rows, sizes, scores } = cells;
  const found = new Float64Array(sizes.length);
  let entry = 0;
  for (const [group, size] of sizes.entries()) {
    for (const end = entry + size; entry < end; entry++) {
      for (let stratum = 0; stratum < strata; stratum++) {
        found[group] = (found[group] ?? 0) + (rows[stratum * scores.length + entry] ?? 0);
      }
    }
  }
  return found;
}

/** All groups' scores as one. */
export function pooledScores(groups: readonly GroupScores[]): GroupScores {
  const sums = new Map<number, [number, number]>();
  for (const { scores, positive, negative } of groups) {
    for (let index = 0; index < scores.length; index++) {
      const score = scores[index] ?? 0;
      const held = sums.get(score);
      if (held) {
        held[0] += positive[index] ?? 0;
        held[1] += negative[index] ?? 0;
      } else sums.set(score, [positive[index] ?? 0, negative[index] ?? 0]);
    }
  }
  const order = [...sums.keys()].sort((a, b) => a - b);
  return {
    scores: order,
    positive: order.map((score) => sums.get(score)?.[0] ?? 0),
    negative: order.map((score) => sums.get(score)?.[1] ?? 0),
  };
}
