import fc from "fast-check";
import { expect, test } from "vitest";
import { boundOf, canReach, scoreOf } from "./score.ts";

test("the score is the paper's: 0 for the whole, α where an all-wrong slice is twice as wrong and as large as the whole", () => {
  const whole = { rows: 1000, errors: 500, alpha: 0.95 };
  expect(scoreOf(1000, 500, whole)).toBe(0);
  // Half of the rows, all of them wrong: 0.95 · (2 − 1) − 0.05 · (2 − 1).
  expect(scoreOf(500, 500, whole)).toBeCloseTo(0.9, 12);
  // With α = 1 the size does not count.
  expect(scoreOf(10, 10, { ...whole, alpha: 1 })).toBeCloseTo(1, 12);
});

test("no slice within a slice scores above its bound, whatever its rows and errors", () => {
  const sizes = fc.record({
    rows: fc.integer({ min: 2, max: 400 }),
    alpha: fc.constantFrom(0.05, 0.5, 0.8, 0.95, 1),
    least: fc.integer({ min: 1, max: 40 }),
  });
  fc.assert(
    fc.property(sizes, fc.nat(), fc.nat(), fc.nat(), ({ rows, alpha, least }, a, b, c) => {
      const errors = 1 + (a % rows);
      const n = 1 + (b % rows);
      const e = Math.max(0, Math.min(n, errors, c % (n + 1)));
      const whole = { rows, errors, alpha };
      const bound = boundOf(n, e, least, whole);
      let best = Number.NEGATIVE_INFINITY;
      for (let inner = least; inner <= n; inner++) {
        for (let wrong = 1; wrong <= Math.min(e, inner); wrong++) best = Math.max(best, scoreOf(inner, wrong, whole));
      }
      // The bound is met: it is the best of what rows and errors alone allow.
      if (best === Number.NEGATIVE_INFINITY) expect(bound).toBe(best);
      else expect(Math.abs(bound - best)).toBeLessThan(1e-9);
    }),
    { numRuns: 500, seed: 4 },
  );
});

test("a bound that rounding alone puts under the last score is not given up", () => {
  expect(canReach(0.3 - 1e-12, 0.3)).toBe(true);
  expect(canReach(0.29, 0.3)).toBe(false);
  expect(canReach(Number.NEGATIVE_INFINITY, 0)).toBe(false);
});
