import { expect, test } from "vitest";
import { welchTest } from "./welch.ts";

const sample = (values: readonly number[]): { value: number; standardError: number; degrees: number } => {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  return { value: mean, standardError: Math.sqrt(variance / n), degrees: n - 1 };
};

/** R's own data sets and what its `oneway.test` prints of them. */
test("equals R's oneway.test", () => {
  const sleep = [
    [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2],
    [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4],
  ];
  expect(welchTest(sleep.map(sample))).toBeCloseTo(0.07939, 5);
  const plantGrowth = [
    [4.17, 5.58, 5.18, 6.11, 4.5, 4.61, 5.17, 4.53, 5.33, 5.14],
    [4.81, 4.17, 4.41, 3.59, 5.87, 3.83, 6.03, 4.89, 4.32, 4.69],
    [6.31, 5.12, 5.54, 5.5, 5.37, 5.29, 4.92, 6.15, 5.8, 5.26],
  ];
  expect(welchTest(plantGrowth.map(sample))).toBeCloseTo(0.01739, 5);
});

test("keeps the digits of a p value far below what 1 − F could hold", () => {
  const far = [0, 30].map((value) => ({ value, standardError: 1, degrees: 1000 }));
  const p = welchTest(far);
  expect(p).toBeGreaterThan(0);
  expect(p).toBeLessThan(1e-60);
});

test("is unknown where a group has no spread, no degrees of freedom or no finite value", () => {
  const one = { value: 1, standardError: 0.1, degrees: 9 };
  expect(welchTest([one])).toBeNull();
  expect(welchTest([one, { ...one, standardError: 0 }])).toBeNull();
  expect(welchTest([one, { ...one, degrees: 0 }])).toBeNull();
  expect(
    welchTest([one, { ...one, value: Number.POSITIVE_INFINITY, standardError: Number.POSITIVE_INFINITY }]),
  ).toBeNull();
  expect(welchTest([one, one])).toBe(1);
});
