import type { OutcomeRows } from "./coded-rows.ts";
import type { Slice } from "./found.ts";

/**
 * Rows that found slices have in common: `pairs[i * k + j]` are those in both the i-th and the j-th, for j ≤ i.
 * @param codes bins of the slices' columns in the rows, by column
 */
export function countPairs(
  rows: OutcomeRows,
  slices: readonly Slice[],
  codes: ReadonlyMap<number, Uint8Array>,
): Float64Array {
  const k = slices.length;
  const pairs = new Float64Array(k * k);
  const tests = slices.map(({ columns, bins }) =>
    columns.map((column, index) => ({ codes: codes.get(column) ?? new Uint8Array(rows.rows), bin: bins[index] ?? 0 })),
  );
  const inside = new Uint8Array(k);
  for (let row = 0; row < rows.rows; row++) {
    let count = 0;
    for (let slice = 0; slice < k; slice++) {
      const own = tests[slice] ?? [];
      let test = 0;
      while (test < own.length && own[test]?.codes[row] === own[test]?.bin) test++;
      if (test === own.length) inside[count++] = slice;
    }
    const times = rows.times?.[row] ?? 1;
    for (let i = 0; i < count; i++) {
      const first = (inside[i] ?? 0) * k;
      for (let j = 0; j <= i; j++) {
        const at = first + (inside[j] ?? 0);
        pairs[at] = (pairs[at] ?? 0) + times;
      }
    }
  }
  return pairs;
}
