import { PhiloxStream } from "@assay/compute";
import { describe, expect, it } from "vitest";
import { fewestForOrderInterval, independentCount, orderInterval } from "./index.ts";

const ranks = (count: number): Float64Array => Float64Array.from({ length: count }, (_, index) => index + 1);

/** Exponential values: a long tail, as times of calls have it. */
function exponential(random: PhiloxStream, count: number): Float64Array {
  return Float64Array.from({ length: count }, () => -Math.log(1 - random.uniform()));
}

/** Values of which each keeps most of the one before; standard normal on the whole. */
function drifting(random: PhiloxStream, count: number, keep: number): Float64Array {
  let state = 0;
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
  const values = new Float64Array(count);
  for (let index = -200; index < count; index++) {
    state = keep * state + Math.sqrt(1 - keep * keep) * normal();
    if (index >= 0) values[index] = state;
  }
  return values;
}

describe("the interval of a quantile between order statistics", () => {
  // From SciPy: low = max(r for r in range(n + 1) if binom.cdf(r - 1, n, p) <= 0.025),
  // high = min(r for r in range(1, n + 2) if binom.sf(r - 1, n, p) <= 0.025).
  it.each([
    [10, 0.5, 2, 9],
    [25, 0.5, 8, 18],
    [100, 0.5, 40, 61],
    [100, 0.95, 90, 100],
    [500, 0.99, 490, 500],
  ])("has the exact ranks: n = %d, p = %d", (count, p, low, high) => {
    expect(orderInterval(ranks(count), p, 0.95)).toEqual({ low, high });
  });

  it("is none where so few values bound one side only, and is there from the fewest on", () => {
    for (const [p, fewest] of [
      [0.5, 6],
      [0.95, 72],
      [0.99, 368],
    ] as const) {
      expect(fewestForOrderInterval(p, 0.95)).toBe(fewest);
      expect(orderInterval(ranks(fewest - 1), p, 0.95)).toBeNull();
      expect(orderInterval(ranks(fewest), p, 0.95)).not.toBeNull();
    }
    expect(orderInterval(new Float64Array(0), 0.5, 0.95)).toBeNull();
  });

  it.each([
    [0.5, 60],
    [0.95, 200],
    [0.99, 600],
  ])("covers the true %d quantile of %d independent values as often as it says", (p, count) => {
    const random = new PhiloxStream(21, 0);
    const truth = -Math.log(1 - p);
    const trials = 4000;
    let covered = 0;
    for (let trial = 0; trial < trials; trial++) {
      const interval = orderInterval(exponential(random, count).sort(), p, 0.95);
      if (interval && interval.low <= truth && truth <= interval.high) covered++;
    }
    // Exact intervals of discrete ranks cover a little more; three standard errors of 4,000 trials are 0.0103.
    expect(covered / trials).toBeGreaterThan(0.95 - 0.0103);
    expect(covered / trials).toBeLessThan(0.99);
  });

  it.each([0.5, 0.95])("covers the %d quantile of values that depend on each other, where alone it would not", (p) => {
    const random = new PhiloxStream(22, 0);
    const truth = p === 0.5 ? 0 : 1.6448536269514722;
    const trials = 600;
    let [alone, told] = [0, 0];
    for (let trial = 0; trial < trials; trial++) {
      const series = drifting(random, 2000, 0.9);
      const sorted = series.slice().sort();
      const independent = independentCount(series, sorted[Math.ceil(p * 2000) - 1] ?? 0);
      const covers = (interval: { low: number; high: number } | null): number =>
        Number(interval !== null && interval.low <= truth && truth <= interval.high);
      alone += covers(orderInterval(sorted, p, 0.95));
      told += covers(orderInterval(sorted, p, 0.95, independent));
    }
    expect(alone / trials).toBeLessThan(0.8);
    expect(told / trials).toBeGreaterThan(0.9);
  });

  it("takes independent values for what they are", () => {
    const random = new PhiloxStream(23, 0);
    const shares = Array.from({ length: 200 }, () => independentCount(exponential(random, 1000), Math.LN2) / 1000);
    const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
    expect(mean).toBeGreaterThan(0.8);
    expect(Math.max(...shares)).toBeLessThanOrEqual(1);
    expect(independentCount(ranks(30), 15)).toBe(30);
  });
});
