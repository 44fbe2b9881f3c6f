import { expect } from "vitest";
import type { Forest } from "../../forest.ts";
import type { PhiloxStream } from "../../random/philox-stream.ts";

/** Thresholds and values of few kinds, so that values lie on thresholds and conditions repeat. */
export const grid = (random: PhiloxStream) =>
  [-1, -0, 0, 0.25, 0.5, 1, Number.POSITIVE_INFINITY][random.integer(7)] ?? 0;
const value = (random: PhiloxStream) => [Number.NaN, -1, -0, 0, 0.25, 0.3, 0.5, 1, 2][random.integer(9)] ?? 0;

export function columns(random: PhiloxStream, inputs: number, rows: number): Float32Array[] {
  return Array.from({ length: inputs }, () => Float32Array.from({ length: rows }, () => value(random)));
}

/** Covers that add up over the children, some of them 0. */
export function withCover(forest: Forest, random: PhiloxStream): Forest {
  const cover = new Float64Array(forest.column.length);
  const fill = (node: number): number => {
    const leaf = (forest.column[node] ?? -1) < 0;
    const sum = leaf ? random.integer(5) : fill(forest.left[node] ?? 0) + fill(forest.right[node] ?? 0);
    cover[node] = sum;
    return sum;
  };
  for (const root of forest.roots) fill(root);
  return { ...forest, cover };
}

/** Over two arrays of equal length; infinite where there is a NaN. */
export function largestDifference(a: Float64Array, b: Float64Array): number {
  expect(a.length).toBe(b.length);
  let largest = 0;
  for (const [index, one] of a.entries()) {
    const difference = Math.abs(one - (b[index] ?? 0));
    largest = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(largest, difference);
  }
  return largest;
}
