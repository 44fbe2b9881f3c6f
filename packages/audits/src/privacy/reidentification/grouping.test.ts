import { expect, test } from "vitest";
import { gatherKeys } from "./grouping.ts";

/** A fixed stream of 32-bit numbers. */
function numbers(count: number, below: number, seed: number): Uint32Array {
  let state = seed;
  return Uint32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  });
}

test.each([
  [10, 5],
  [20_000, 300],
  [50_000, 2 ** 32],
])("gathers %i keys below %i as a map would, sorted by key", (rows, below) => {
  const words = [numbers(rows, 3, 1), numbers(rows, below, 2)];
  const expected = new Map<string, number>();
  for (let row = 0; row < rows; row++) {
    const key = `${words[0]?.[row]} ${words[1]?.[row]}`;
    expected.set(key, (expected.get(key) ?? 0) + 1);
  }
  const groups = gatherKeys(words, new Uint8Array(rows).fill(1));
  const keys = Array.from(groups.counts, (_, group) => [groups.words[0]?.[group] ?? 0, groups.words[1]?.[group] ?? 0]);
  expect(keys.length).toBe(expected.size);
  expect(keys.every(([a = 0, b = 0], group) => expected.get(`${a} ${b}`) === groups.counts[group])).toBe(true);
  expect(keys).toEqual([...keys].sort(([a = 0, b = 0], [c = 0, d = 0]) => a - c || b - d));
  for (let row = 0; row < rows; row += 97) {
    const group = groups.groupOf[row] ?? -1;
    expect(keys[group]).toEqual([words[0]?.[row], words[1]?.[row]]);
  }
});

test("adds the people of entries that are alike", () => {
  const groups = gatherKeys([Uint32Array.of(9, 7, 9)], Float64Array.of(2, 3, 2 ** 40));
  expect([...groups.counts]).toEqual([3, 2 ** 40 + 2]);
  expect([...groups.groupOf]).toEqual([1, 0, 1]);
});

test("keys of no columns are all alike, and no entries give no groups", () => {
  expect([...gatherKeys([], Uint8Array.of(1, 1, 2)).counts]).toEqual([4]);
  expect(gatherKeys([new Uint32Array(0)], new Uint8Array(0)).counts.length).toBe(0);
});
