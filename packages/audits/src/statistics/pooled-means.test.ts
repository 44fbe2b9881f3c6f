import { expect, test } from "vitest";
import { pooledMeanDifference } from "./pooled-means.ts";

const mean = (effective: number, value: number, standardError: number) => ({ effective, mean: value, standardError });

test("one stratum is Welch's interval of two means", () => {
  // n = 20 and 30, means 5 and 3, variances 4 and 9: standard error √(4/20 + 9/30), Welch's degrees of freedom 48.0 (by hand).
  const [v, w] = [4 / 20, 9 / 30];
  const pooled = pooledMeanDifference([{ one: mean(20, 5, Math.sqrt(v)), other: mean(30, 3, Math.sqrt(w)) }], 0.95);
  expect(pooled?.value).toBeCloseTo(2, 12);
  const degrees = (v + w) ** 2 / (v ** 2 / 19 + w ** 2 / 29);
  expect(degrees).toBeCloseTo(48, 1);
  // t(0.975; 48) = 2.0106.
  expect(((pooled?.high ?? 0) - 2) / Math.sqrt(v + w)).toBeCloseTo(2.0107, 3);
});

test("strata weigh by n₁n₀ / (n₁ + n₀), and one in which a group is a single row has no variance and stays out", () => {
  const strata = [
    { one: mean(10, 4, 0.1), other: mean(10, 1, 0.1) },
    { one: mean(30, 2, 0.1), other: mean(10, 1, 0.1) },
    { one: mean(1, 100, Number.NaN), other: mean(50, 0, 0.1) },
  ];
  expect(pooledMeanDifference(strata, 0.95)?.value).toBeCloseTo((5 * 3 + 7.5 * 1) / 12.5, 12);
  expect(pooledMeanDifference(strata.slice(2), 0.95)).toBeNull();
});
