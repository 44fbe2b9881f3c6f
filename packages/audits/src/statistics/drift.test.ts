import { PhiloxStream } from "@assay/compute";
import { describe, expect, test } from "vitest";
import { startsUpTo } from "./anytime-p.ts";
import expected from "./drift.expected.json" with { type: "json" };
import { gapChange, gapDriftPs } from "./gap-drift.ts";
import { type RateCounts, rateChangeInterval, rateDriftPs } from "./rate-drift.ts";

const counts = ([k = 0, n = 0]: readonly number[]): RateCounts => ({ k, n });

describe("against scipy, on a grid of candidates", () => {
  // The grid's step of 2.5e-6 and 5e-6 moves a p value by less than one part in a thousand.
  test.each(expected.rates)("p values of a rate, baseline $baseline", ({ baseline, later, p }) => {
    for (const [look, own] of rateDriftPs(counts(baseline), later.map(counts)).entries()) {
      expect(Math.abs(own / (p[look] ?? 0) - 1)).toBeLessThan(2e-3);
    }
  });
  test.each(expected.gaps)("p values of a gap, baseline $own and $other", ({ own, other, later, p }) => {
    const pairs = later.map(([a = [], b = []]) => ({ own: counts(a), other: counts(b) }));
    for (const [look, found] of gapDriftPs({ own: counts(own), other: counts(other) }, pairs).entries()) {
      expect(Math.abs(found / (p[look] ?? 0) - 1)).toBeLessThan(2e-3);
    }
  });
});

test("an unchanged rate ever alarms with a chance of at most α, summed over every outcome of a baseline and two looks", () => {
  const [n0, n] = [9, 5];
  const least = new Map<string, number>();
  for (let k0 = 0; k0 <= n0; k0++) {
    for (let a = 0; a <= n; a++) {
      for (let b = 0; b <= n; b++) {
        const ps = rateDriftPs({ k: k0, n: n0 }, [
          { k: a, n },
          { k: b, n },
        ]);
        least.set(`${k0},${a},${b}`, Math.min(...ps));
      }
    }
  }
  for (const rate of [0.02, 0.1, 0.3, 0.5, 0.8]) {
    for (const alpha of [0.01, 0.05, 0.2, 0.5]) {
      let chance = 0;
      for (const [key, p] of least) {
        const [k0 = 0, a = 0, b = 0] = key.split(",").map(Number);
        if (p <= alpha) chance += binomial(n0, k0, rate) * binomial(n, a, rate) * binomial(n, b, rate);
      }
      expect(chance).toBeLessThanOrEqual(alpha);
    }
  }
  // The bound is not kept by never alarming.
  expect(Math.min(...least.values())).toBeLessThan(0.05);
});

test("gaps that stay while both rates move together ever alarm in no more than α of simulated series", () => {
  const stream = new PhiloxStream(11, 1);
  const runs = 60;
  let alarms = 0;
  for (let run = 0; run < runs; run++) {
    const baseline = { own: draw(stream, 200, 0.3), other: draw(stream, 200, 0.4) };
    const later = Array.from({ length: 12 }, () => {
      const shift = (stream.uniform() - 0.5) * 0.2;
      return { own: draw(stream, 40, 0.3 + shift), other: draw(stream, 40, 0.4 + shift) };
    });
    if ((gapDriftPs(baseline, later).at(-1) ?? 1) <= 0.05) alarms++;
  }
  // Were the chance more than 0.05, more than 9 of 60 would come up less than once in a thousand times.
  expect(alarms).toBeLessThanOrEqual(9);
});

test("a planted change is found, and a late one too", () => {
  const steady = Array.from({ length: 40 }, () => ({ k: 30, n: 100 }));
  const late = [...steady, ...Array.from({ length: 24 }, () => ({ k: 42, n: 100 }))];
  const ps = rateDriftPs({ k: 600, n: 2000 }, late);
  expect(ps[39]).toBe(1);
  expect(ps.at(-1)).toBeLessThan(0.01);
});

test("p values never rise from one look to the next, and a look without rows changes nothing", () => {
  const ps = rateDriftPs({ k: 30, n: 100 }, [
    { k: 20, n: 20 },
    { k: 0, n: 0 },
    { k: 6, n: 20 },
  ]);
  expect(ps[1]).toBe(ps[0]);
  expect(ps[2]).toBe(ps[0]);
  expect(ps[0]).toBeLessThan(1e-3);
});

test("defined where nothing is known: no baseline, no rows, rates of none and all", () => {
  expect(rateDriftPs({ k: 0, n: 0 }, [{ k: 1, n: 2 }])).toEqual([1]);
  expect(rateDriftPs({ k: 5, n: 5 }, [{ k: 5, n: 5 }])).toEqual([1]);
  expect(rateDriftPs({ k: 0, n: 50 }, [{ k: 50, n: 50 }])[0]).toBeLessThan(1e-8);
  expect(rateChangeInterval({ k: 1, n: 4 }, { k: 0, n: 0 }, 0.95).low).toBeGreaterThanOrEqual(-1);
  expect(gapChange({ own: { k: 1, n: 2 }, other: { k: 0, n: 0 } }, [], 0.95)).toBeNull();
});

test("starts are the same however long one looks, and their weights sum to at most 1", () => {
  expect(startsUpTo(33).map(({ place }) => place)).toEqual([0, 1, 2, 3, 5, 7, 11, 15, 23, 31]);
  expect(startsUpTo(4)).toEqual(startsUpTo(33).slice(0, 4));
  expect(startsUpTo(100_000).reduce((sum, { weight }) => sum + weight, 0)).toBeLessThan(1);
});

function draw(stream: PhiloxStream, n: number, rate: number): RateCounts {
  let k = 0;
  for (let row = 0; row < n; row++) if (stream.uniform() < rate) k++;
  return { k, n };
}

function binomial(n: number, k: number, rate: number): number {
  let ways = 1;
  for (let index = 0; index < k; index++) ways = (ways * (n - index)) / (index + 1);
  return ways * rate ** k * (1 - rate) ** (n - k);
}
