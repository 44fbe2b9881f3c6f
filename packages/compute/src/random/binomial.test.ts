import { describe, expect, it } from "vitest";
import { exp } from "../numbers/elementary.ts";
import { binomial, binomialHat, binomialLogRatio, binomialSqueeze } from "./binomial.ts";
import { chiSquareLimit, discrepancy, massFrom } from "./goodness-of-fit.testing.ts";
import { PhiloxStream } from "./philox-stream.ts";

describe("binomial", () => {
  // n · min(p, 1 − p) on both sides of 10, where inversion gives way to rejection; n up to a billion.
  it.each([
    { n: 1, a: 1, t: 3 },
    { n: 2, a: 999, t: 1000 },
    { n: 7, a: 1, t: 2 },
    { n: 19, a: 1, t: 2 },
    { n: 20, a: 1, t: 2 },
    { n: 33, a: 300, t: 1000 },
    { n: 33, a: 704, t: 1000 },
    { n: 40, a: 1, t: 4 },
    { n: 100, a: 99, t: 1000 },
    { n: 100, a: 101, t: 1000 },
    { n: 1000, a: 1, t: 3 },
    { n: 100_000, a: 1, t: 9_999 },
    { n: 100_000, a: 9_000, t: 10_000 },
    { n: 10_000_000, a: 3, t: 1_000_000 },
    { n: 1_000_000_000, a: 9, t: 1_000_000_000 },
    { n: 1_000_000_000, a: 11, t: 1_000_000_000 },
    { n: 1_000_000_000, a: 1, t: 3 },
    { n: 4_294_967_295, a: 1, t: 2 },
  ])("Binomial($n, $a/$t) has the exact distribution", ({ n, a, t }) => {
    const random = new PhiloxStream(11, n);
    const draws = Array.from({ length: 60_000 }, () => binomial(random, n, a, t));
    const mode = Math.floor(((n + 1) * a) / t);
    const mass = massFrom(mode, 0, n, (k) => ((n - k) / (k + 1)) * (a / (t - a)));
    const { chi, degrees } = discrepancy(draws, mass);
    expect(chi).toBeLessThan(chiSquareLimit(degrees));
  });

  it("knows the certain outcomes", () => {
    const random = new PhiloxStream(0, 0);
    expect([binomial(random, 0, 1, 2), binomial(random, 9, 0, 2), binomial(random, 9, 2, 2)]).toEqual([0, 0, 9]);
  });
});

const cases = [20, 21, 27, 50, 99, 1000, 12_345, 1e6, 1e9, 4e9].flatMap((n) =>
  [10 / n, 10.5 / n, 12 / n, 20 / n, 100 / n, 0.03, 0.2, 0.37, 0.4999, 0.5]
    .filter((p) => n * p >= 10 && p <= 0.5)
    .map((p) => ({ n, p })),
);

describe("what makes the rejection exact, for n from 20 to 4 billion", () => {
  it("the hat lies over the distribution, the inner box under it", () => {
    // Toward the edges ever finer: u = ±(½ − e^−s).
    const places = Array.from({ length: 3000 }, (_, step) => 0.5 - exp(-0.6932 - step * 0.004));
    let over = 0;
    let under = Number.POSITIVE_INFINITY;
    for (const { n, p } of cases) {
      const { deviation, a, b, c, inner } = binomialHat(n, p);
      for (const u of [...places, ...places.map((place) => -place)]) {
        const edge = 0.5 - Math.abs(u);
        const k = Math.floor(((2 * a) / edge + b) * u + c);
        if (edge >= 0.07 && (k < 0 || k > n)) under = -1;
        if (k < 0 || k > n) continue;
        const share =
          (exp(Math.max(-600, binomialLogRatio(n, p, k))) * (a / (edge * edge) + b)) / ((2.83 + 5.1 / b) * deviation);
        over = Math.max(over, share);
        if (edge >= 0.07) under = Math.min(under, share - inner);
      }
    }
    expect(over).toBeLessThanOrEqual(1);
    expect(under).toBeGreaterThanOrEqual(0);
  });

  it("the squeeze encloses the distribution wherever it is used", () => {
    let worst = 0;
    let used = 0;
    for (const { n, p } of cases) {
      const { variance, deviation } = binomialHat(n, p);
      const mode = Math.floor((n + 1) * p);
      for (let step = 0; step < 400; step++) {
        const e = Math.floor(21 + (step / 400) * 12 * deviation);
        if (e >= variance * 0.5 - 1) break;
        const { bell, slack } = binomialSqueeze(e, variance);
        for (const k of [mode - e, mode + e]) {
          if (k < 0 || k > n) continue;
          used++;
          worst = Math.max(worst, Math.abs(binomialLogRatio(n, p, k) - bell) / slack);
        }
      }
    }
    expect(used).toBeGreaterThan(1000);
    expect(worst).toBeLessThanOrEqual(1);
  });
});
