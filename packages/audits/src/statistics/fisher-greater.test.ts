import { expect, test } from "vitest";
import { detectableDifference } from "./detectable-difference.ts";
import { fisherGreater } from "./fisher-greater.ts";
import { normalQuantile } from "./normal.ts";

// scipy.stats.fisher_exact([[a, b], [c, d]], "greater") of SciPy 1.10.
test.each([
  [3, 1, 1, 3, 0.24285714285714283],
  [8, 2, 1, 5, 0.024475524475524483],
  [60, 40, 300, 700, 3.739149218758842e-9],
  [0, 5, 3, 4, 1],
  [5, 0, 0, 7, 0.0012626262626262627],
  [1200, 8800, 90_000, 900_000, 3.1054998704106755e-22],
  [500, 1500, 20_000, 80_000, 4.262574361089662e-8],
])("one-sided Fisher p of %i, %i, %i, %i is SciPy's", (a, b, c, d, p) => {
  expect(Math.abs(fisherGreater(a, b, c, d) / p - 1)).toBeLessThan(1e-9);
});

test("one-sided Fisher p is 1 where a margin is 0, and never 0", () => {
  for (const [a, b, c, d] of [
    [0, 0, 3, 4],
    [3, 4, 0, 0],
    [0, 4, 0, 9],
    [4, 0, 9, 0],
  ] as const) {
    expect(fisherGreater(a, b, c, d)).toBe(1);
  }
  expect(fisherGreater(100_000, 0, 0, 100_000)).toBe(Number.MIN_VALUE);
});

test("the two one-sided p values add up to 1 and the probability of the table itself", () => {
  const greater = fisherGreater(7, 5, 4, 9);
  const less = fisherGreater(5, 7, 9, 4);
  // Hypergeometric: 12 of 25 drawn, 11 marked, 7 among them.
  const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n - 1, k - 1) * n) / k);
  expect(greater + less).toBeCloseTo(1 + (choose(11, 7) * choose(14, 5)) / choose(25, 12), 12);
});

test("a difference that is just detectable has the power asked for", () => {
  const [n, m, rate, alpha] = [400, 4000, 0.2, 0.005];
  const difference = detectableDifference(rate, { n, m }, { alpha, power: 0.8 }) ?? 0;
  // Exact power of the score test, by enumeration of the group's count around its mean; the other group at its mean.
  const own = rate + difference;
  let logTerm = n * Math.log(1 - own);
  let power = 0;
  for (let k = 0; k <= n; k++) {
    if (k > 0) logTerm += Math.log((n - k + 1) / k) + Math.log(own / (1 - own));
    const pooled = (k + m * rate) / (n + m);
    const z = (k / n - rate) / Math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m));
    if (z > normalQuantile(1 - alpha)) power += Math.exp(logTerm);
  }
  expect(Math.abs(power - 0.8)).toBeLessThan(0.03);
});

test("no difference is detectable in groups too small for any", () => {
  expect(detectableDifference(0.5, { n: 0, m: 10 }, { alpha: 0.05, power: 0.8 })).toBeNull();
  expect(detectableDifference(0.9, { n: 3, m: 10 }, { alpha: 0.001, power: 0.8 })).toBeNull();
});
