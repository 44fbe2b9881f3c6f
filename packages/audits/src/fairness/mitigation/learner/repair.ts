import type { Column } from "@assay/models";
import type { Rows } from "../rows.ts";
import type { Features } from "./features.ts";

/** A group's distribution of a feature, as a rising line from values to shares: each value at the middle of its rows. */
interface Shares {
  readonly values: Float64Array;
  readonly at: Float64Array;
}

/**
 * Numeric features without what they tell of the group: a value moves from its place among its own group's values toward
 * the same place in the median of the groups' distributions, all the way at level 1. Ranks within a group stay. Groups'
 * distributions are those of the rows learned from, and all rows are moved by them; texts, groups that are unknown or have
 * no rows learned from, and columns in `kept` stay as they are.
 * M. Feldman, S. A. Friedler, J. Moeller, C. Scheidegger and S. Venkatasubramanian, KDD 2015, doi:10.1145/2783258.2783311.
 */
export function repaired({ names, columns }: Features, rows: Rows, level: number, kept: readonly string[]): Features {
  if (level === 0) return { names, columns };
  return {
    names,
    columns: columns.map((column, index) =>
      ArrayBuffer.isView(column) && !kept.includes(names[index] ?? "") ? repairedColumn(column, rows, level) : column,
    ),
  };
}

function repairedColumn(values: ArrayLike<number>, { group, groups, train }: Rows, level: number): Column {
  const held: number[][] = groups.map(() => []);
  for (const [row, times] of train.entries()) if (times > 0) held[group[row] ?? 0]?.push(values[row] ?? 0);
  const shares = held.map((own, place) => (groups[place]?.known === true && own.length > 0 ? sharesOf(own) : null));
  const known = shares.filter((one) => one !== null);
  if (known.length < 2) return Float64Array.from(values);
  // Rows of one group and value move alike: few values are worked out for many rows.
  const moved = groups.map(() => new Map<number, number>());
  return Float64Array.from(values, (value, row) => {
    const place = group[row] ?? 0;
    const own = shares[place];
    if (!own) return value;
    const before = moved[place]?.get(value);
    if (before !== undefined) return before;
    const share = interpolate(own.values, own.at, value);
    const target = median(known.map((one) => interpolate(one.at, one.values, share)));
    const after = (1 - level) * value + level * target;
    moved[place]?.set(value, after);
    return after;
  });
}

function sharesOf(rows: readonly number[]): Shares {
  const sorted = Float64Array.from(rows).sort();
  const values: number[] = [];
  const at: number[] = [];
  for (let start = 0; start < sorted.length; ) {
    let end = start;
    while (end < sorted.length && sorted[end] === sorted[start]) end++;
    values.push(sorted[start] ?? 0);
    at.push((start + end) / (2 * sorted.length));
    start = end;
  }
  return { values: Float64Array.from(values), at: Float64Array.from(at) };
}

/** A rising line through points (x, y), level beyond its ends. */
function interpolate(xs: Float64Array, ys: Float64Array, x: number): number {
  const last = xs.length - 1;
  if (x <= (xs[0] ?? 0)) return ys[0] ?? 0;
  if (x >= (xs[last] ?? 0)) return ys[last] ?? 0;
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((xs[middle] ?? 0) <= x) low = middle;
    else high = middle;
  }
  const share = (x - (xs[low] ?? 0)) / ((xs[high] ?? 1) - (xs[low] ?? 0));
  return (ys[low] ?? 0) + share * ((ys[high] ?? 0) - (ys[low] ?? 0));
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
