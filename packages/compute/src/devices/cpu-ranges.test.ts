import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  claimRanges,
  controlBytes,
  FAILED,
  ITEMS,
  LEAST,
  leastRange,
  mostArguments,
  NEXT,
  readArguments,
  writeArguments,
} from "./cpu-ranges.js";

function open(items: number, threads: number): Int32Array {
  const control = new Int32Array(new SharedArrayBuffer(controlBytes));
  control[ITEMS] = items | 0;
  control[LEAST] = leastRange(items, threads);
  return control;
}

describe("ranges of items", () => {
  it("cover every item once, whatever the order in which threads claim", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4294967295 }), fc.integer({ min: 1, max: 64 }), (items, threads) => {
        const control = open(items, threads);
        let next = 0;
        let ranges = 0;
        claimRanges(control, threads, (begin, end) => {
          if (begin !== next || end <= begin) throw new Error(`${begin} to ${end} after ${next}`);
          next = end;
          ranges++;
        });
        return next === items && ranges <= threads * 65 + 1;
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it("begin at multiples of 64 wherever there are items enough for every thread", () => {
    for (const [items, threads] of [
      [512, 2],
      [1000, 2],
      [1_000_003, 2],
      [100_000, 7],
    ] as const) {
      const begins: number[] = [];
      claimRanges(open(items, threads), threads, (begin) => begins.push(begin));
      expect(begins.filter((begin) => begin % 64 !== 0)).toEqual([]);
      expect(begins.length).toBeGreaterThanOrEqual(3 * threads);
    }
  });

  it("let every thread have a part of a few long items", () => {
    const ranges: [number, number][] = [];
    claimRanges(open(5, 2), 2, (begin, end) => ranges.push([begin, end]));
    expect(ranges).toEqual([0, 1, 2, 3, 4].map((begin) => [begin, begin + 1]));
  });

  it("are claimed no more once a thread has failed", () => {
    const control = open(1000, 2);
    let calls = 0;
    claimRanges(control, 2, () => {
      calls++;
      control[FAILED] = 1;
    });
    expect(calls).toBe(1);
    expect(control[NEXT]).toBeLessThan(1000);
  });
});

describe("arguments", () => {
  it("arrive as they were given", () => {
    const control = open(1, 1);
    const args = Array.from({ length: mostArguments }, (_, index) => (index % 3 === 0 ? BigInt(-index) : index / 7));
    args[1] = Number.NaN;
    args[2] = 2 ** 53 - 1;
    args[30] = 2n ** 63n - 1n;
    writeArguments(control, args);
    expect(readArguments(control)).toEqual(args);
    writeArguments(control, []);
    expect(readArguments(control)).toEqual([]);
  });
});
