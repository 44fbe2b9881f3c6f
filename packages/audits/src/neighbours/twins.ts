import type { DistinctRows } from "./distinct-rows.ts";

/** People who are alike in every feature: how often two of them have different outcomes. */
export type TwinNumbers = {
  /** People with at least one other at the same point. */
  readonly n: number;
  /** Mean, over these people, of the share of the others at their point who have the other outcome; null without any. */
  readonly value: number | null;
  /** Taken over points, since people of one point depend on each other; null with fewer than two points. */
  readonly standardError: number | null;
  readonly points: number;
};

interface AtPoint {
  people: number;
  apart: number;
}

/** By group: `groupOf` says to which, of `groups`, a combination belongs; below 0 to none. */
export function twins(
  { pointOf }: DistinctRows,
  { count, positive }: { readonly count: Float64Array; readonly positive: Float64Array },
  rows: {
    readonly times: Float64Array;
    readonly codes: ArrayLike<number>;
    readonly ids: ArrayLike<number>;
  },
  groupOf: (combination: number) => number,
  groups: number,
): readonly TwinNumbers[] {
  const found = Array.from({ length: groups }, () => new Map<number, AtPoint>());
  for (let row = 0; row < pointOf.length; row++) {
    const point = pointOf[row] ?? -1;
    const times = rows.times[row] ?? 0;
    if (point === -1 || times === 0 || (count[point] ?? 0) < 2) continue;
    const points = found[groupOf(rows.ids[row] ?? 0)];
    if (points === undefined) continue;
    const ones = positive[point] ?? 0;
    const others = (count[point] ?? 0) - 1;
    const apart = rows.codes[row] === 2 ? (count[point] ?? 0) - ones : ones;
    let held = points.get(point);
    if (held === undefined) {
      held = { people: 0, apart: 0 };
      points.set(point, held);
    }
    held.people += times;
    held.apart += (times * apart) / others;
  }
  return found.map(numbersOf);
}

function numbersOf(found: ReadonlyMap<number, AtPoint>): TwinNumbers {
  // Points in their own order: the same sums for any order of rows.
  const points = [...found].sort(([a], [b]) => a - b).map(([, one]) => one);
  const n = points.reduce((sum, one) => sum + one.people, 0);
  if (n === 0) return { n: 0, value: null, standardError: null, points: 0 };
  const value = points.reduce((sum, one) => sum + one.apart, 0) / n;
  if (points.length < 2) return { n, value, standardError: null, points: points.length };
  const squares = points.reduce((sum, one) => sum + (one.apart - value * one.people) ** 2, 0);
  const variance = ((points.length / (points.length - 1)) * squares) / (n * n);
  return { n, value, standardError: Math.sqrt(variance), points: points.length };
}
