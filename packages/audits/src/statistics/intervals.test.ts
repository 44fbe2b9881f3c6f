import { PhiloxStream } from "@assay/compute";
import { describe, expect, it, test } from "vitest";
import { pText } from "../wording/index.ts";
import { bcaInterval, percentileInterval } from "./bootstrap.ts";
import { clopperPearson } from "./clopper-pearson.ts";
import { fisherExact } from "./fisher-exact.ts";
import { benjaminiHochberg, holm } from "./multiplicity.ts";
import { normalCdf } from "./normal.ts";
import { quantile, quantiles } from "./quantile.ts";
import { wilson } from "./wilson.ts";

/** Expected values: scipy 1.17.1 (`binomtest.proportion_ci`, `fisher_exact`, `false_discovery_control`), numpy's quantile. */
describe("intervals and tests agree with scipy", () => {
  it.each([
    [0, 10, 0, 0.27753279986288926, 0, 0.30849710781876294],
    [1, 10, 0.017876213095072896, 0.4041500267952385, 0.0025285785444625728, 0.44501611702819543],
    [5, 10, 0.236593090512564, 0.7634069094874361, 0.1870860284474045, 0.8129139715525955],
    [10, 10, 0.7224672001371109, 1, 0.6915028921812371, 1],
    [3, 200, 0.00511423779325831, 0.04316572879269026, 0.003104107621555085, 0.043208281917709784],
    [805, 1795, 0.42559496162893107, 0.4715610667176223, 0.4252822632604979, 0.4718223700868365],
  ])("%i of %i", (k, n, wilsonLow, wilsonHigh, exactLow, exactHigh) => {
    expect(wilson(k, n, 0.95).low).toBeCloseTo(wilsonLow, 13);
    expect(wilson(k, n, 0.95).high).toBeCloseTo(wilsonHigh, 13);
    expect(clopperPearson(k, n, 0.95).low).toBeCloseTo(exactLow, 11);
    expect(clopperPearson(k, n, 0.95).high).toBeCloseTo(exactHigh, 11);
  });

  it("says nothing of a rate without rows", () => {
    expect(wilson(0, 0, 0.95)).toEqual({ low: 0, high: 1 });
    expect(clopperPearson(0, 0, 0.95)).toEqual({ low: 0, high: 1 });
  });

  it.each([
    [3, 1, 1, 3, 0.48571428571428565],
    [8, 2, 1, 5, 0.034965034965034975],
    [10, 90, 30, 70, 0.0006504107076034208],
    [990, 805, 1139, 349, 5.067846700058524e-38],
    [0, 5, 5, 0, 0.007936507936507938],
    [2, 3, 0, 0, 1],
    [100000, 100500, 99000, 101000, 0.01762346083398221],
  ])("Fisher's exact test of %i %i %i %i", (a, b, c, d, p) => {
    expect(Math.abs(fisherExact(a, b, c, d) / p - 1)).toBeLessThan(1e-8);
  });

  it("never gives a p of 0 to a table that was seen", () => {
    // 100,000 each, 60 % against 40 %: about 1e-1780, less than any double.
    expect(fisherExact(60_000, 40_000, 40_000, 60_000)).toBe(Number.MIN_VALUE);
    expect(pText(fisherExact(100_000, 0, 0, 100_000))).toBe("p < 0.001");
  });

  it.each([1e7, 1e9])("counts the mirror table in at counts near %d, and no likelier one", (n) => {
    // Margins n and n each, mode n / 2 on both sides: the tables mode ± k are equally likely, and nothing else is.
    const half = n / 2;
    const step = Math.sqrt(n / 8);
    for (const k of [1, 2, 3, Math.round(step), Math.round(2.5 * step)]) {
      const upper = fisherExact(half + k, half - k, half - k, half + k);
      const lower = fisherExact(half - k, half + k, half + k, half - k);
      expect(Math.abs(upper / lower - 1)).toBeLessThan(1e-9);
      // The normal limit with continuity correction.
      const z = (k - 0.5) / Math.sqrt((n * n) / (4 * (2 * n - 1)));
      expect(Math.abs(upper / (2 * (1 - normalCdf(z))) - 1)).toBeLessThan(1e-5);
    }
  });

  it("adjusts for many tests", () => {
    const ps = [0.01, 0.04, 0.03, 0.005, 0.2, 0.04];
    for (const [index, expected] of [0.03, 0.048, 0.048, 0.03, 0.2, 0.048].entries()) {
      expect(benjaminiHochberg(ps)[index]).toBeCloseTo(expected, 14);
    }
    // By hand: sorted × (6, 5, 4, 3, 2, 1), then the running maximum.
    for (const [index, expected] of [0.05, 0.12, 0.12, 0.03, 0.2, 0.12].entries()) {
      expect(holm(ps)[index]).toBeCloseTo(expected, 14);
    }
    expect(holm([])).toEqual([]);
    expect(benjaminiHochberg([])).toEqual([]);
  });

  it("takes quantiles by selection", () => {
    const values = Float64Array.from({ length: 1001 }, (_, index) => (index * 7919) % 1001);
    expect(quantile(values, 0.025)).toBe(25);
    expect(quantile(values, 0.1234)).toBeCloseTo(123.4, 10);
    expect(quantile([3], 0.9)).toBe(3);
    expect(quantile([], 0.5)).toBeNaN();
    expect(values[1]).toBe(7919 % 1001);
  });

  it("gives the BCa interval of a mean, ties counted half", () => {
    // A linear congruential generator, so that the script in Python drew the same replicates.
    const rows = [9, 1, 4, 16, 25, 2, 3, 7, 30, 11];
    let state = 7n;
    const replicates = Array.from({ length: 2000 }, () => {
      let sum = 0;
      for (let draw = 0; draw < 10; draw++) {
        state = (1103515245n * state + 12345n) % 2147483648n;
        sum += rows[Number((state >> 8n) % 10n)] ?? 0;
      }
      return sum / 10;
    });
    const total = 108;
    const jackknife = rows.map((row) => ({ value: (total - row) / 9, weight: 1 }));
    const interval = bcaInterval({ estimate: 10.8, replicates, jackknife, confidence: 0.95 });
    expect(interval.method).toBe("bca");
    expect(interval.low).toBeCloseTo(6.0, 10);
    expect(interval.high).toBeCloseTo(18.5, 10);
    const percentile = percentileInterval(replicates, 0.95);
    expect(percentile.low).toBeCloseTo(5.3, 10);
    expect(percentile.high).toBeCloseTo(17.1025, 10);
  });

  it("falls back to the percentile interval and says so", () => {
    const interval = bcaInterval({ estimate: 1, replicates: [1.5, 2, 3], jackknife: [], confidence: 0.95 });
    expect(interval.method).toBe("percentile");
    expect(interval.low).toBeCloseTo(1.525, 12);
  });
});

test("quantiles by selection are those of sorted values, with ties and in any order of levels", () => {
  const random = new PhiloxStream(3, 0);
  for (const distinct of [2, 50, 1_000_000]) {
    const values = Float64Array.from({ length: 5001 }, () => random.integer(distinct));
    const sorted = values.slice().sort();
    const levels = [0.025, 0.975, 0.5, 0, 1, 0.0302];
    const expected = levels.map((level) => {
      const place = level * 5000;
      const low = sorted[Math.floor(place)] ?? 0;
      return low + (place - Math.floor(place)) * ((sorted[Math.ceil(place)] ?? 0) - low);
    });
    expect(quantiles(values, levels)).toEqual(expected);
  }
});
