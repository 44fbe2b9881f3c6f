import { describe, expect, test } from "vitest";
import { koopman } from "./koopman.ts";

describe("Koopman's score interval of a ratio", () => {
  test("agrees with R's PropCIs::riskscoreci(7, 34, 1, 34, 0.95), the example of Fagerland et al. (2015)", () => {
    const { low, high } = koopman(7, 34, 1, 34, 0.95);
    expect(low).toBeCloseTo(1.220853, 5);
    expect(high).toBeCloseTo(42.575718, 4);
  });

  test("turns over with its arguments", () => {
    const forward = koopman(7, 34, 12, 50, 0.9);
    const back = koopman(12, 50, 7, 34, 0.9);
    expect(forward.low).toBeCloseTo(1 / back.high, 10);
    expect(forward.high).toBeCloseTo(1 / back.low, 10);
  });

  test("none, all, and both all", () => {
    expect(koopman(0, 20, 10, 20, 0.95).low).toBe(0);
    expect(koopman(0, 20, 10, 20, 0.95).high).toBeGreaterThan(0.1);
    expect(koopman(0, 20, 10, 20, 0.95).high).toBeLessThan(0.5);
    expect(koopman(10, 20, 0, 20, 0.95).high).toBe(Number.POSITIVE_INFINITY);
    const all = koopman(20, 20, 30, 30, 0.95);
    expect(all.low).toBeLessThan(1);
    expect(all.low).toBeGreaterThan(0.8);
    expect(all.high).toBeGreaterThan(1);
    expect(all.high).toBeLessThan(1.2);
  });

  test.each([
    [0.3, 0.5, 25, 40],
    [0.1, 0.4, 30, 30],
    [0.5, 0.5, 15, 60],
    [0.9, 0.95, 40, 20],
  ])("covers the true ratio of %f and %f (n = %i and %i), by enumeration of all outcomes", (p1, p2, n, m) => {
    const weights = (size: number, rate: number): number[] => {
      const all = [(1 - rate) ** size];
      for (let k = 1; k <= size; k++) all.push(((all[k - 1] ?? 0) * (size - k + 1) * rate) / (k * (1 - rate)));
      return all;
    };
    let covered = 0;
    let possible = 0;
    for (const [x, a] of weights(n, p1).entries()) {
      for (const [y, b] of weights(m, p2).entries()) {
        // No ratio is told where the highest rate is 0.
        if (y === 0) continue;
        possible += a * b;
        const { low, high } = koopman(x, n, y, m, 0.95);
        if (low <= p1 / p2 && p1 / p2 <= high) covered += a * b;
      }
    }
    expect(covered / possible).toBeGreaterThan(0.935);
    expect(covered / possible).toBeLessThan(0.97);
  });
});
