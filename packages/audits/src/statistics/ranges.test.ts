import { describe, expect, it, test } from "vitest";
import { effectiveCounts } from "./effective-counts.ts";
import { correctedRange, expectedRange } from "./expected-range.ts";
import { hypergeometricTails } from "./hypergeometric-tails.ts";
import { mantelHaenszelDifference } from "./mantel-haenszel.ts";
import { type Bounded, differenceInterval, ratioInterval } from "./mover.ts";
import { criticalValue } from "./normal.ts";
import { rangeDifferenceInterval, rangeRatioInterval, simultaneousCritical } from "./range-interval.ts";
import { normalRangeQuantile } from "./studentized-range.ts";
import { wilson, wilsonAt } from "./wilson.ts";

const share = (k: number, n: number, confidence = 0.95): Bounded => ({ value: k / n, ...wilson(k, n, confidence) });

describe("differences and ratios of two shares", () => {
  /** R. G. Newcombe, Statistics in Medicine 17 (1998) 873–890, Table II, method 10. */
  it.each([
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [6, 7, 2, 7, 0.0582, 0.8062],
    [5, 56, 0, 29, -0.0381, 0.1926],
    [10, 10, 0, 10, 0.6075, 1.0],
  ])("%i/%i less %i/%i has Newcombe's published interval", (a, m, b, n, low, high) => {
    const interval = differenceInterval(share(a, m), share(b, n));
    expect(interval.low).toBeCloseTo(low, 3);
    expect(interval.high).toBeCloseTo(high, 3);
  });

  it("turns a ratio upside down with its interval", () => {
    const there = ratioInterval(share(30, 100), share(45, 90));
    const back = ratioInterval(share(45, 90), share(30, 100));
    expect(1 / back.high).toBeCloseTo(there.low, 12);
    expect(1 / back.low).toBeCloseTo(there.high, 12);
    expect(there.low).toBeLessThan(0.6);
    expect(there.high).toBeGreaterThan(0.6);
  });

  it("has no upper end of a ratio to what may be 0, and a lower end of 0 for 0", () => {
    expect(ratioInterval(share(3, 10), share(0, 10)).high).toBe(Number.POSITIVE_INFINITY);
    expect(ratioInterval(share(0, 10), share(3, 10)).low).toBe(0);
  });
});

describe("all pairs of groups at once", () => {
  /** scipy 1.17.1: scipy.stats.studentized_range.ppf(p, k, inf). */
  it.each([
    [0.95, 2, 2.771807648699355],
    [0.95, 3, 3.314493155398122],
    [0.95, 12, 4.621655471868518],
    [0.99, 5, 4.602821042201571],
    [0.95, 50, 5.646026026380527],
    [0.975, 4, 3.9840146304389084],
  ])("range quantile %f of %i normals", (p, k, q) => {
    expect(normalRangeQuantile(p, k)).toBeCloseTo(q, 6);
  });

  const groups = (counts: readonly (readonly [number, number])[], confidence = 0.95): Bounded[] =>
    counts.map(([k, n]) => ({ value: k / n, ...wilsonAt(k, n, simultaneousCritical(confidence, counts.length)) }));

  it("is Newcombe's interval where there are two groups", () => {
    const two = rangeDifferenceInterval(
      groups([
        [56, 70],
        [48, 80],
      ]),
    );
    const pair = differenceInterval(share(56, 70), share(48, 80));
    expect(two.low).toBeCloseTo(pair.low, 10);
    expect(two.high).toBeCloseTo(pair.high, 10);
  });

  it("reaches zero, and one, where the groups may be equal", () => {
    const equal = groups([
      [20, 100],
      [22, 100],
      [19, 100],
    ]);
    expect(rangeDifferenceInterval(equal).low).toBe(0);
    expect(rangeRatioInterval(equal).high).toBe(1);
  });

  it("finds the same extremes as trying every pair", () => {
    let state = 12345;
    const next = (): number => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return state / 2 ** 32;
    };
    for (let trial = 0; trial < 40; trial++) {
      const many = groups(
        Array.from({ length: 2 + Math.floor(next() * 400) }, () => {
          const n = 5 + Math.floor(next() * next() * 3000);
          return [Math.max(1, Math.floor(n * next())), n] as const;
        }),
      );
      let low = 0;
      let high = 0;
      let least = 1;
      let most = 1;
      for (const a of many) {
        for (const b of many) {
          if (a === b) continue;
          const difference = differenceInterval(a, b);
          low = Math.max(low, difference.low);
          high = Math.max(high, difference.high);
          const ratio = ratioInterval(a, b);
          least = Math.min(least, ratio.low);
          most = Math.min(most, ratio.high);
        }
      }
      const difference = rangeDifferenceInterval(many);
      expect(difference.low).toBeCloseTo(low, 12);
      expect(difference.high).toBeCloseTo(high, 12);
      const ratio = rangeRatioInterval(many);
      expect(ratio.low).toBeCloseTo(least, 12);
      expect(ratio.high).toBeCloseTo(most, 12);
    }
  });
});

describe("the bias of max − min", () => {
  /** Expected range of k standard normals: control chart constants d₂ (2: 2/√π = 1.128, 5: 2.326, 12: 3.258). */
  it.each([
    [2, 2 / Math.sqrt(Math.PI)],
    [5, 2.325929],
    [12, 3.258455],
  ])("expected range of %i standard normals", (k, expected) => {
    expect(expectedRange(new Array<number>(k).fill(0), new Array<number>(k).fill(1))).toBeCloseTo(expected, 5);
  });

  it("takes all of a gap away that chance explains, and nothing of one that it does not", () => {
    expect(correctedRange([0.3, 0.31], [0.05, 0.05])).toBe(0);
    expect(correctedRange([0.2, 0.6], [0.01, 0.01])).toBeCloseTo(0.4, 6);
  });
});

test("chance of a hypergeometric count far from its mean agrees with scipy", () => {
  expect(hypergeometricTails(100, 30, 20, 4)).toBeCloseTo(0.0533775956849936, 12);
  expect(hypergeometricTails(6172, 2751, 1175, 50) / 0.0011050367365130571).toBeCloseTo(1, 8);
  expect(hypergeometricTails(100_000, 40_000, 300, 40.5) / 1.6209382914041445e-6).toBeCloseTo(1, 7);
  expect(hypergeometricTails(10, 5, 5, 3)).toBe(0);
});

test("a chance with too few digits left in a number is bounded from above", () => {
  // log₁₀ by the sums of mpmath, at 40 digits: −296.91719058 and −313.36917503.
  expect(Math.log10(hypergeometricTails(10_000_000, 3_650_000, 714_285, 14_500))).toBeCloseTo(-296.91719058, 6);
  const bound = Math.log10(hypergeometricTails(10_000_000, 3_650_000, 714_285, 14_900));
  expect(bound).toBeGreaterThan(-313.36917503);
  expect(bound).toBeLessThan(-313.368);
});

test("a chance above the ceiling is told to be above it", () => {
  const exact = hypergeometricTails(6172, 2751, 1175, 50);
  const told = hypergeometricTails(6172, 2751, 1175, 50, 1e-4);
  expect(told).toBeGreaterThan(1e-4);
  expect(told).toBeLessThanOrEqual(exact);
  expect(hypergeometricTails(6172, 2751, 1175, 50, 0.01)).toBe(exact);
});

describe("effective counts of weighted shares", () => {
  it("are the counts where all weights are equal", () => {
    const { k, n } = effectiveCounts({ sum: 3 * 40, squares: 9 * 40 }, { sum: 3 * 160, squares: 9 * 160 });
    expect(n).toBeCloseTo(200, 10);
    expect(k).toBeCloseTo(40, 10);
  });

  it("do not change with the unit of weights, and are fewer than the rows", () => {
    const one = effectiveCounts({ sum: 50, squares: 130 }, { sum: 100, squares: 260 });
    const ten = effectiveCounts({ sum: 500, squares: 13_000 }, { sum: 1000, squares: 26_000 });
    expect(one.n).toBeCloseTo(ten.n, 10);
    expect(one.n).toBeCloseTo(150 ** 2 / 390, 10);
  });

  it("know nothing of no weight", () => {
    expect(effectiveCounts({ sum: 0, squares: 0 }, { sum: 0, squares: 0 })).toEqual({ k: 0, n: 0 });
  });
});

test("pools the sexes' admission rates over Berkeley's departments", () => {
  // Bickel, Hammel and O'Connell (1975), the six largest departments: women against men, worked out by hand in Python.
  const strata = [
    [89, 108, 512, 825],
    [17, 25, 353, 560],
    [202, 593, 120, 325],
    [131, 375, 138, 417],
    [94, 393, 53, 191],
    [24, 341, 22, 373],
  ].map(([k1 = 0, n1 = 0, k0 = 0, n0 = 0]) => ({ k1, n1, k0, n0 }));
  const pooled = mantelHaenszelDifference(strata, 0.95);
  expect(pooled?.value).toBeCloseTo(0.018425196190852512, 12);
  expect(pooled?.se).toBeCloseTo(0.014825394438310865, 12);
  expect(pooled?.high).toBeCloseTo(0.018425196190852512 + criticalValue(0.95) * 0.014825394438310865, 12);
  expect(mantelHaenszelDifference([{ k1: 0, n1: 0, k0: 3, n0: 5 }], 0.95)).toBeNull();
});
