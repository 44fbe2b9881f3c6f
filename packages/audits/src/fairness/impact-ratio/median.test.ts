import { describe, expect, test } from "vitest";
import { mergeSearch, type SearchRound, searchScores, searchState } from "./median.ts";

/** Runs the whole search over shards of the scores, as the audit's rounds do. */
function lowerMedian(shards: readonly (readonly number[])[], limit: number) {
  const rounds: SearchRound[] = [];
  for (let round = 0; round < 5; round++) {
    const state = searchState(rounds);
    if (state.kind !== "search") return { state, rounds };
    rounds.push(
      shards
        .map((shard) => searchScores(Float64Array.from(shard), null, state.prefix, limit))
        .reduce((a, b) => mergeSearch(a, b, limit)),
    );
  }
  return { state: searchState(rounds), rounds };
}

function middle(scores: readonly number[]): number {
  const sorted = scores.filter((score) => !Number.isNaN(score)).sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
}

function numbers(count: number, seed: number): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  });
}

describe("the search for the median", () => {
  test.each([
    ["uniform", numbers(1001, 1)],
    ["few values", numbers(500, 2).map((value) => Math.floor(value * 10))],
    ["negative and positive", numbers(800, 3).map((value) => (value - 0.5) * 1e6)],
    ["close together", numbers(801, 4).map((value) => 0.5 + value * 1e-13)],
    ["with missing ones", numbers(300, 5).map((value, index) => (index % 3 === 0 ? Number.NaN : value))],
    ["with infinities", [...numbers(10, 6), Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 0]],
  ])("finds it among %s, whether scores are listed or narrowed down", (_, scores) => {
    const cut = Math.floor(scores.length / 3);
    const shards = [scores.slice(0, cut), scores.slice(cut, cut + 1), scores.slice(cut + 1)];
    for (const limit of [3, 16, 1 << 16]) {
      const { state } = lowerMedian(shards, limit);
      expect(state).toMatchObject({ kind: "found", lower: middle(scores) });
    }
  });

  test("between two scores the upper one is told, or known to lie further up", () => {
    expect(lowerMedian([[1, 2, 3, 4]], 100).state).toEqual({ kind: "found", lower: 2, upper: 3 });
    expect(lowerMedian([[1, 2, 2, 4]], 100).state).toEqual({ kind: "found", lower: 2, upper: 2 });
    expect(lowerMedian([[1, 2, 3]], 100).state).toEqual({ kind: "found", lower: 2, upper: 2 });
    // 2 and 1000 begin differently: the list of the last round ends at 2.
    expect(lowerMedian([[1, 1.5, 2, 1000, 1001, 1002]], 2).state).toEqual({ kind: "found", lower: 2, upper: null });
  });

  test("no scores, no median", () => {
    expect(lowerMedian([[], [Number.NaN]], 10).state).toEqual({ kind: "none" });
  });

  test("what is listed depends on all scores together, not on their order", () => {
    const parts = [[1, 2], [2, 3], [4], [1]].map((part) => searchScores(Float64Array.from(part), null, [], 3));
    const [a, b, c, d] = parts;
    if (!a || !b || !c || !d) throw new Error("four parts");
    const merge = (x: SearchRound, y: SearchRound): SearchRound => mergeSearch(x, y, 3);
    const left = merge(merge(merge(a, b), c), d);
    expect(left.found.kind).toBe("digits");
    expect(merge(merge(d, c), merge(b, a))).toEqual(left);
    expect(merge(a, merge(c, merge(d, b)))).toEqual(left);
  });

  test("multiplicities count as rows", () => {
    const round = searchScores(Float64Array.of(1, 2, 3), Float64Array.of(1, 0, 5), []);
    expect(searchState([round])).toEqual({ kind: "found", lower: 3, upper: 3 });
  });
});
