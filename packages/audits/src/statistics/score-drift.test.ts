import { PhiloxStream } from "@assay/compute";
import { describe, expect, test } from "vitest";
import { distributionDriftPs } from "./distribution-drift.ts";
import {
  addNumbers,
  type MeanCounts,
  meanChange,
  meanDriftPs,
  meanGapChange,
  meanGapDriftPs,
  noNumbers,
} from "./mean-drift.ts";
import { noncentralChiSquaredCdf } from "./noncentral-chi-squared.ts";
import expected from "./score-drift.expected.json" with { type: "json" };
import { stabilityIndex } from "./stability-index.ts";

function numbersOf(values: readonly number[]): MeanCounts {
  return values.map((mean): MeanCounts => ({ n: 1, mean, squares: 0 })).reduce(addNumbers, noNumbers);
}

describe("against numpy and scipy, on grids of candidates", () => {
  // The last grid's step moves a p value by less than one part in a thousand.
  test.each(expected.distributions)("p values of binned scores, baseline $baseline", ({ baseline, later, p }) => {
    for (const [look, own] of distributionDriftPs(baseline, later).entries()) {
      expect(Math.abs(own / (p[look] ?? 0) - 1)).toBeLessThan(2e-3);
    }
  });
  test.each(expected.means)("p values of a mean, baseline $baseline", ({ baseline, later, p }) => {
    for (const [look, own] of meanDriftPs(baseline, later).entries()) {
      expect(Math.abs(own / (p[look] ?? 0) - 1)).toBeLessThan(2e-3);
    }
  });
  test.each(expected.gaps)("p values of a gap of means, baseline $own and $other", ({ own, other, later, p }) => {
    const pairs = later.map(([a = noNumbers, b = noNumbers]) => ({ own: a, other: b }));
    for (const [look, found] of meanGapDriftPs({ own, other }, pairs).entries()) {
      expect(Math.abs(found / (p[look] ?? 0) - 1)).toBeLessThan(2e-3);
    }
  });
  // Slopes were taken by differences of 1e-6, and ends by scipy's own root: six digits of either.
  test.each(expected.indices)("the stability index and its interval, $before", ({ before, after, ...told }) => {
    const found = stabilityIndex(before, after, 0.95);
    for (const key of ["value", "corrected", "low", "high"] as const) {
      expect(Math.abs(found[key] - told[key])).toBeLessThan(1e-6 * Math.max(1, told[key]));
    }
  });
  test.each(expected.laws)("noncentral χ² at $x, $df degrees of freedom, noncentrality $nc", ({ x, df, nc, p }) => {
    // Beyond a noncentrality of 2,000 the normal law of a power stands for it.
    expect(Math.abs(noncentralChiSquaredCdf(x, df, nc) - p)).toBeLessThan(nc > 2000 ? 1e-4 : 1e-12);
  });
});

/** Scores of so many people, of which `share` fall into each of ten bins, and as numbers from 0 to 1. */
function draw(stream: PhiloxStream, n: number, power: number): { bins: number[]; numbers: MeanCounts } {
  const bins = Array.from({ length: 10 }, () => 0);
  const values = Array.from({ length: n }, () => stream.uniform() ** power);
  for (const value of values) {
    const bin = Math.min(9, Math.floor(value * 10));
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
  return { bins, numbers: numbersOf(values) };
}

/** Whether the distribution and the mean ever alarm, later scores drawn to the power. */
function alarmsOf(stream: PhiloxStream, before: number, power: number): { distribution: boolean; mean: boolean } {
  const baseline = draw(stream, before, 1);
  const later = Array.from({ length: 12 }, () => draw(stream, 40, power));
  const bins = distributionDriftPs(
    baseline.bins,
    later.map((one) => one.bins),
  );
  const means = meanDriftPs(
    baseline.numbers,
    later.map((one) => one.numbers),
  );
  return { distribution: (bins.at(-1) ?? 1) <= 0.05, mean: (means.at(-1) ?? 1) <= 0.05 };
}

test("scores that stay as they were ever alarm in no more than α of simulated series", () => {
  const stream = new PhiloxStream(11, 2);
  const runs = Array.from({ length: 60 }, () => alarmsOf(stream, 200, 1));
  // Were the chance more than 0.05, more than 9 of 60 would come up less than once in a thousand times.
  expect(runs.filter(({ distribution }) => distribution).length).toBeLessThanOrEqual(9);
  expect(runs.filter(({ mean }) => mean).length).toBeLessThanOrEqual(9);
});

test("scores that change are found by their distribution and by their mean", () => {
  const stream = new PhiloxStream(11, 4);
  for (let run = 0; run < 3; run++) expect(alarmsOf(stream, 1000, 2)).toEqual({ distribution: true, mean: true });
});

test("means that rise for both alike are no change of their gap", () => {
  const stream = new PhiloxStream(11, 3);
  const of = (n: number, mean: number): MeanCounts =>
    numbersOf(Array.from({ length: n }, () => mean + stream.normal()));
  const baseline = { own: of(300, 0), other: of(300, 1) };
  const pairs = Array.from({ length: 8 }, (_, look) => ({ own: of(60, look), other: of(60, 1 + look) }));
  expect(
    meanDriftPs(
      baseline.own,
      pairs.map(({ own }) => own),
    ).at(-1),
  ).toBeLessThan(1e-6);
  expect(meanGapDriftPs(baseline, pairs).at(-1)).toBeGreaterThan(0.05);
  const change = meanGapChange(baseline, pairs, 0.95);
  expect(change?.low).toBeLessThan(0);
  expect(change?.high).toBeGreaterThan(0);
});

test("numbers added up in any order are those of all rows at once", () => {
  const values = [3, 1, 4, 1, 5, 9, 2, 6];
  const mean = values.reduce((sum, one) => sum + one, 0) / values.length;
  const whole = addNumbers(numbersOf(values.slice(5)), numbersOf(values.slice(0, 5)));
  expect(whole.mean).toBeCloseTo(mean, 12);
  expect(whole.squares).toBeCloseTo(
    values.reduce((sum, one) => sum + (one - mean) ** 2, 0),
    10,
  );
});

test("defined where nothing is known: no later rows, too few, scores that are all alike", () => {
  const spread = numbersOf([1, 2, 3, 4]);
  expect(distributionDriftPs([10, 10], [[0, 0]])).toEqual([1]);
  expect(meanDriftPs(spread, [noNumbers, numbersOf([900])])).toEqual([1, 1]);
  expect(meanDriftPs(numbersOf([2, 2, 2]), [spread])).toEqual([1]);
  expect(meanChange(numbersOf([2, 2, 2]), [spread], 0.95)).toBeNull();
  expect(meanChange(spread, [spread], 0.95)).toBeNull();
  // A bin that is empty later has half a row added, so that the index stays finite.
  const empty = stabilityIndex([20, 20], [0, 40], 0.95);
  expect(empty.low).toBeGreaterThan(0);
  expect(Number.isFinite(empty.high)).toBe(true);
  // No difference at all: the interval reaches zero.
  expect(stabilityIndex([50, 50], [50, 50], 0.95)).toMatchObject({ value: 0, corrected: 0, low: 0 });
});
