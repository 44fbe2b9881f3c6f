import { describe, expect, it } from "vitest";
import { chiSquareLimit } from "../../random/goodness-of-fit.testing.ts";
import { planShuffle, shuffledIndex, shuffleIndex } from "./shuffled-index.ts";

function shuffle(rows: number, stream: number): number[] {
  const plan = planShuffle("test", rows, 1, stream);
  return Array.from({ length: rows }, (_, row) => shuffleIndex(plan, row));
}

/** Pearson's chi-square of counts that should be equal. */
function unevenness(counts: readonly number[]): number {
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - mean) ** 2 / mean, 0);
}

function cyclesOf(permutation: readonly number[]): number {
  const seen = new Uint8Array(permutation.length);
  let cycles = 0;
  for (let start = 0; start < permutation.length; start++) {
    if (seen[start] === 1) continue;
    cycles++;
    for (let at = start; seen[at] === 0; at = permutation[at] ?? at) seen[at] = 1;
  }
  return cycles;
}

describe("shuffledIndex", () => {
  it.each([2, 3, 4, 5])("gives all permutations of %i rows equally often over streams", (rows) => {
    const counts = new Map<string, number>();
    for (let stream = 0; stream < 12_000; stream++) {
      const key = shuffle(rows, stream).join();
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    const outcomes = [1, 1, 2, 6, 24, 120][rows] ?? 0;
    expect(counts.size).toBe(outcomes);
    expect(unevenness([...counts.values()])).toBeLessThan(chiSquareLimit(outcomes - 1));
  });

  // Halves of 16 × 16, with nothing beyond the rows; and of 17 × 17, where the network alone gives even ones only.
  it.each([256, 289])("gives even and odd permutations of %i rows equally often", (rows) => {
    const streams = 2000;
    let odd = 0;
    for (let stream = 0; stream < streams; stream++) odd += (rows - cyclesOf(shuffle(rows, stream))) % 2;
    expect(Math.abs(odd - streams / 2)).toBeLessThan(4 * Math.sqrt(streams / 4));
  });

  it("puts a row anywhere, and two rows at any distance, with equal chances", () => {
    const rows = 1000;
    const streams = 20_000;
    const places = [0, 499, 999].map(() => new Array<number>(50).fill(0));
    // Neighbours share the upper half of their indexes; rows 32 apart share the lower.
    const distances = [1, 32, 500].map(() => new Array<number>(rows - 1).fill(0));
    for (let stream = 0; stream < streams; stream++) {
      const plan = planShuffle("test", rows, 2, stream);
      for (const [index, row] of [0, 499, 999].entries()) {
        const place = Math.floor(shuffleIndex(plan, row) / 20);
        (places[index] ?? [])[place] = (places[index]?.[place] ?? 0) + 1;
      }
      for (const [index, apart] of [1, 32, 500].entries()) {
        const distance = ((shuffleIndex(plan, 100 + apart) - shuffleIndex(plan, 100) + rows) % rows) - 1;
        (distances[index] ?? [])[distance] = (distances[index]?.[distance] ?? 0) + 1;
      }
    }
    for (const counts of places) expect(unevenness(counts)).toBeLessThan(chiSquareLimit(49));
    for (const counts of distances) expect(unevenness(counts)).toBeLessThan(chiSquareLimit(rows - 2));
  });

  it("has the ascents, the cycles and the fixed points of a random permutation", () => {
    const rows = 2003;
    const streams = 200;
    let ascents = 0;
    let cycles = 0;
    let fixed = 0;
    for (let stream = 0; stream < streams; stream++) {
      const shuffled = shuffle(rows, stream);
      cycles += cyclesOf(shuffled);
      for (const [row, index] of shuffled.entries()) {
        if (index === row) fixed++;
        if (row > 0 && index > (shuffled[row - 1] ?? 0)) ascents++;
      }
    }
    let mean = 0;
    let variance = 0;
    for (let k = 1; k <= rows; k++) {
      mean += 1 / k;
      variance += (1 - 1 / k) / k;
    }
    expect(Math.abs(ascents / streams - (rows - 1) / 2)).toBeLessThan(4 * Math.sqrt((rows + 1) / 12 / streams));
    expect(Math.abs(cycles / streams - mean)).toBeLessThan(4 * Math.sqrt(variance / streams));
    expect(Math.abs(fixed / streams - 1)).toBeLessThan(4 * Math.sqrt(1 / streams));
  });

  it("gives another shuffle for another number of rows", () => {
    const same = shuffle(400, 0).filter((index, row) => index === shuffledIndex(1, 0, 399, Math.min(row, 398)));
    expect(same.length).toBeLessThan(10);
  });

  it("keeps its shuffles: change these only together with the kernel's version", () => {
    expect([0, 1, 2, 3, 4].map((row) => shuffledIndex(7, 0, 5, row))).toEqual(pinned.five);
    expect([0, 1, 999_999].map((row) => shuffledIndex(7, 3, 1_000_000, row))).toEqual(pinned.million);
    expect([0, 2 ** 32 - 2].map((row) => shuffledIndex(2 ** 53 - 1, 5, 2 ** 32 - 1, row))).toEqual(pinned.all);
  });

  it("refuses a row that is none", () => {
    for (const row of [-1, 0.5, 5, Number.NaN]) {
      expect(() => shuffledIndex(0, 0, 5, row)).toThrow(
        `shuffledIndex: row must be an integer from 0, below 5, got ${row}`,
      );
    }
  });
});

const pinned = { five: [0, 3, 4, 1, 2], million: [476070, 139712, 332530], all: [4142115372, 721967263] };
