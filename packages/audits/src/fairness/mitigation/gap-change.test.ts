import { describe, expect, it } from "vitest";
import { changeInterval, changeP, type SpannedGap } from "./gap-change.ts";
import { gapCorrelation } from "./gap-correlation.ts";
import type { OutcomeTable } from "./outcomes.ts";

/** A gap whose interval widens with z, as a normal estimate's does, and stops at 0. */
function gap(value: number, error: number): SpannedGap {
  // Critical values of scipy.stats.norm.ppf at the levels asked for here.
  const known = new Map([
    [0.95, 1.959963984540054],
    [0.99, 2.5758293035489004],
  ]);
  return {
    value,
    at: (confidence) => {
      const z = known.get(confidence) ?? inverse(confidence);
      return { low: Math.max(0, value - z * error), high: value + z * error, ceiling: value + z * error };
    },
  };
}

/** z at which a normal lies within ±z with this chance, by halving a sum of its density. */
function inverse(confidence: number): number {
  const within = (z: number): number => {
    const steps = 400;
    const width = z / steps;
    let sum = 0;
    for (let step = 0; step <= steps; step++) {
      const weight = step === 0 || step === steps ? 1 : step % 2 === 1 ? 4 : 2;
      sum += weight * Math.exp(-((step * width) ** 2) / 2);
    }
    return (2 * sum * width) / 3 / Math.sqrt(2 * Math.PI);
  };
  let [low, high] = [0, 8];
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2;
    if (within(middle) < confidence) low = middle;
    else high = middle;
  }
  return low;
}

describe("the change of a gap", () => {
  it("has the normal interval and p of two dependent estimates that lie well above 0", () => {
    const [before, after] = [gap(0.4, 0.03), gap(0.3, 0.04)];
    for (const correlation of [-0.5, 0, 0.8]) {
      const error = Math.sqrt(0.03 ** 2 + 0.04 ** 2 - 2 * correlation * 0.03 * 0.04);
      const { low, high } = changeInterval(before, after, correlation, 0.95);
      expect(low).toBeCloseTo(-0.1 - 1.959963984540054 * error, 12);
      expect(high).toBeCloseTo(-0.1 + 1.959963984540054 * error, 12);
      // p is worked out to a thousandth of a z.
      const z = inverse(1 - changeP(before, after, correlation, null));
      expect(Math.abs(z - 0.1 / error)).toBeLessThan(2e-3);
    }
  });

  it("adds the distances where a gap reaches 0: what is left lies between nothing and the other's end", () => {
    const [before, after] = [gap(0.4, 0.03), gap(0.05, 0.04)];
    const { low, high } = changeInterval(before, after, 0.9, 0.95);
    expect(low).toBeCloseTo(-before.at(0.95).high, 12);
    expect(high).toBeLessThan(0);
    // Nothing is smaller than a gap that may be none.
    expect(changeInterval(after, gap(0, 0.001), 0.9, 0.95).high).toBeGreaterThanOrEqual(0);
  });

  it("is a claim by its interval where, and only where, it is one by its p", () => {
    for (const value of [0.02, 0.08, 0.14, 0.2, 0.26, 0.32]) {
      for (const correlation of [-0.8, 0, 0.6]) {
        const [before, after] = [gap(0.3, 0.05), gap(value, 0.03)];
        const { low, high } = changeInterval(before, after, correlation, 0.95);
        const p = changeP(before, after, correlation, null);
        expect(low > 0 || high < 0, `${value} ${correlation}`).toBe(p <= 0.05);
      }
    }
  });

  it("is never told surer than replicates allow", () => {
    expect(changeP(gap(0.9, 0.001), gap(0.1, 0.001), 0, 199)).toBe(1 / 200);
  });
});

describe("the correlation of the gap before and after", () => {
  /** Rows of two groups, none and later and earlier and both decided positive, all of one label. */
  const table = (groups: readonly (readonly number[])[]): OutcomeTable => {
    const counts = new Float64Array(groups.length * 16);
    for (const [group, cells] of groups.entries()) counts.set(cells, (group * 2 + 1) * 8);
    return { joint: { counts, sums: null, squares: null }, expected: { counts, sums: null, squares: null } };
  };
  const ends = { rate: "selection-rate", most: 0, least: 1 } as const;

  it("is that of the decisions, each row's before and after", () => {
    const cells = [300_000, 100_000, 50_000, 150_000];
    const [none = 0, later = 0, earlier = 0, both = 0] = cells;
    const all = none + later + earlier + both;
    const [was, is] = [(earlier + both) / all, (later + both) / all];
    const phi = (both / all - was * is) / Math.sqrt(was * (1 - was) * is * (1 - is));
    const outcomes = table([cells, cells]);
    expect(gapCorrelation(ends, ends, outcomes, null)).toBeCloseTo(phi, 4);
    // Turned round, a row that moves one gap up moves the other down.
    expect(gapCorrelation(ends, { ...ends, most: 1, least: 0 }, outcomes, null)).toBeCloseTo(-phi, 4);
    expect(gapCorrelation(ends, { ...ends, rate: "true-positive-rate" }, outcomes, null)).toBe(0);
  });

  it("is less than 1 where few rows are decided alike, and 0 of no rows", () => {
    expect(
      gapCorrelation(
        ends,
        ends,
        table([
          [5, 0, 0, 5],
          [5, 0, 0, 5],
        ]),
        null,
      ),
    ).toBeLessThan(0.95);
    expect(gapCorrelation(ends, { ...ends, rate: "true-positive-rate" }, table([[], []]), null)).toBe(0);
  });
});
