import { PhiloxStream } from "@assay/compute";
import { expect, test } from "vitest";
import { candidatesAbove, cellsOf, keyOf, type Lattice, takeCandidates } from "./lattice.ts";
import { scoreOf } from "./score.ts";

/** Rows of five columns with kept codes 1 to 3 (0: not kept), and whether each is wrong, more often in one slice. */
const columns = 5;
const random = new PhiloxStream(6, 0);
const rows = Array.from({ length: 3000 }, () => {
  const codes = Array.from({ length: columns }, () => random.integer(4));
  const isPlanted = codes[0] === 1 && codes[2] === 2;
  return { codes, wrong: random.uniform() < (isPlanted ? 0.5 : 0.1) };
});
const lattice: Lattice = {
  kept: Array.from({ length: columns }, () => [0, 4, 9]),
  whole: { rows: rows.length, errors: rows.filter((row) => row.wrong).length, alpha: 0.95 },
  least: 40,
};

function tableOf(set: readonly number[]): Float64Array {
  const table = new Float64Array(2 * cellsOf(set, lattice));
  for (const { codes, wrong } of rows) {
    const cell = set.reduce((at, column) => at * 4 + (codes[column] ?? 0), 0);
    table[cell * 2] = (table[cell * 2] ?? 0) + 1;
    if (wrong) table[cell * 2 + 1] = (table[cell * 2 + 1] ?? 0) + 1;
  }
  return table;
}

/** The best score of a set's slices that are large enough and made of kept bins alone. */
function bestOf(set: readonly number[]): number {
  const table = tableOf(set);
  let best = Number.NEGATIVE_INFINITY;
  for (let cell = 0; cell * 2 < table.length; cell++) {
    const codes = set.map((_, place) => Math.floor(cell / 4 ** (set.length - 1 - place)) % 4);
    const n = table[cell * 2] ?? 0;
    if (codes.includes(0) || n < lattice.least) continue;
    best = Math.max(best, scoreOf(n, table[cell * 2 + 1] ?? 0, lattice.whole));
  }
  return best;
}

function setsOf(size: number, from = 0): number[][] {
  if (size === 0) return [[]];
  return Array.from({ length: columns - from }, (_, index) => from + index).flatMap((first) =>
    setsOf(size - 1, first + 1).map((rest) => [first, ...rest]),
  );
}

test.each([2, 3, 4])("only sets without a slice worth the reach are passed over: %i columns", (size) => {
  const below = new Map(setsOf(size - 1).map((set) => [keyOf(set), tableOf(set)] as const));
  let passed = 0;
  for (const reach of [0, 0.2, 0.5, 1, 2, 6]) {
    const candidates = candidatesAbove(below, size, reach, lattice);
    const kept = new Set(candidates.map(({ set }) => keyOf(set)));
    for (const { set, bound } of candidates) expect(bound).toBeGreaterThanOrEqual(bestOf(set) - 1e-9);
    for (const set of setsOf(size)) {
      if (kept.has(keyOf(set))) continue;
      passed++;
      expect(bestOf(set), keyOf(set)).toBeLessThan(reach);
    }
    // Best bound first.
    expect(candidates.map(({ bound }) => bound)).toEqual(candidates.map(({ bound }) => bound).sort((a, b) => b - a));
  }
  expect(passed).toBeGreaterThan(0);
});

test("a set is passed over with a set below it that was", () => {
  const below = new Map(
    setsOf(2)
      .filter((set) => keyOf(set) !== "0,2")
      .map((set) => [keyOf(set), tableOf(set)] as const),
  );
  const sets = candidatesAbove(below, 3, 0, lattice).map(({ set }) => set);
  expect(sets.length).toBeGreaterThan(0);
  for (const set of sets) expect(set.includes(0) && set.includes(2)).toBe(false);
});

test("a round takes what fits, one set at least, and leaves the rest", () => {
  const candidates = setsOf(2).map((set) => ({ set, bound: 1 }));
  expect(cellsOf([0, 1], lattice)).toBe(16);
  const { taken, rest } = takeCandidates(candidates, 50, lattice);
  expect([taken.length, rest.length]).toEqual([3, 7]);
  expect([...taken, ...rest]).toEqual(candidates);
  expect(takeCandidates(candidates, 1, lattice).taken).toHaveLength(1);
  expect(takeCandidates([], 50, lattice)).toEqual({ taken: [], rest: [] });
});
