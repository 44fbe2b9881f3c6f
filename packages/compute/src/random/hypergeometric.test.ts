import { describe, expect, it } from "vitest";
import { exp } from "../numbers/elementary.ts";
import { chiSquareLimit, discrepancy, massFrom } from "./goodness-of-fit.testing.ts";
import { hypergeometric, hypergeometricHat, hypergeometricLogRatio } from "./hypergeometric.ts";
import { PhiloxStream } from "./philox-stream.ts";

describe("hypergeometric", () => {
  it.each([
    { good: 1, bad: 1, sample: 1 },
    { good: 3, bad: 5, sample: 4 },
    { good: 5, bad: 3, sample: 7 },
    { good: 2, bad: 900, sample: 450 },
    { good: 20, bad: 19, sample: 20 },
    { good: 40, bad: 41, sample: 39 },
    { good: 41, bad: 40, sample: 60 },
    { good: 25, bad: 1000, sample: 400 },
    { good: 1000, bad: 25, sample: 600 },
    { good: 25, bad: 10_000, sample: 4_100 },
    { good: 5_000, bad: 7_000, sample: 900 },
    { good: 300, bad: 999_700, sample: 200_000 },
    { good: 65_000, bad: 4_294_000_000, sample: 640_000 },
    { good: 12, bad: 1_000_000_000, sample: 400_000_000 },
    { good: 1_000_000_000, bad: 2_000_000_000, sample: 5 },
    { good: 1_000_000_000, bad: 2_000_000_000, sample: 1_700_000_000 },
  ])("Hypergeometric($good, $bad, $sample) has the exact distribution", ({ good, bad, sample }) => {
    const random = new PhiloxStream(12, good);
    const draws = Array.from({ length: 60_000 }, () => hypergeometric(random, good, bad, sample));
    const mode = Math.floor(((sample + 1) / (good + bad + 2)) * (good + 1));
    const up = (k: number) => ((good - k) / (k + 1)) * ((sample - k) / (bad - sample + k + 1));
    const mass = massFrom(mode, Math.max(0, sample - bad), Math.min(good, sample), up);
    const { chi, degrees } = discrepancy(draws, mass);
    expect(chi).toBeLessThan(chiSquareLimit(degrees));
  });

  it("knows the certain outcomes", () => {
    const random = new PhiloxStream(0, 0);
    const draw = (good: number, bad: number, sample: number) => hypergeometric(random, good, bad, sample);
    expect([draw(0, 5, 3), draw(5, 3, 0), draw(5, 0, 3), draw(5, 3, 8), draw(0, 0, 0)]).toEqual([0, 0, 3, 5, 0]);
  });
});

describe("what makes the rejection exact, for totals from 40 to 4 billion", () => {
  it("the ratio-of-uniforms region holds the distribution", () => {
    let worst = 0;
    for (const total of [40, 41, 60, 100, 999, 10_000, 1e6, 4e9]) {
      for (const share of [0.5, 0.47, 0.3, 0.1, 0.01, 25 / total, 1e-4]) {
        for (const part of [0.5, 0.44, 0.2, 0.04, 0.002, 30 / total]) {
          const good = Math.floor(share * total);
          const take = Math.floor(part * total);
          if (take * (good / total) < 10 || share > 0.5 || part > 0.5) continue;
          const { centre, width } = hypergeometricHat(good, total, take);
          const logRatio = hypergeometricLogRatio(good, total, take);
          const step = Math.max(1, width / 500);
          for (let place = centre - 8 * width; place < centre + 8 * width; place += step) {
            const k = Math.floor(place);
            if (k < 0 || k > Math.min(good, take)) continue;
            const root = exp(Math.max(-300, 0.5 * logRatio(k)));
            const distance = Math.max(Math.abs(k - centre), Math.abs(k + 1 - centre));
            worst = Math.max(worst, (2 * distance * root) / width);
          }
        }
      }
    }
    expect(worst).toBeGreaterThan(0.8);
    expect(worst).toBeLessThanOrEqual(1);
  });

  it("the log ratio of probabilities is what the recurrence gives", () => {
    let worst = 0;
    for (const [good, total, take] of [
      [20, 40, 20],
      [60, 200, 90],
      [5_000, 12_000, 900],
      [1_000_000_000, 3_000_000_000, 1_300_000_000],
    ] as const) {
      const logRatio = hypergeometricLogRatio(good, total, take);
      const mode = Math.floor(((take + 1) / (total + 2)) * (good + 1));
      let expected = 0;
      for (let k = mode; k < mode + 2000 && k < Math.min(good, take); k++) {
        worst = Math.max(worst, Math.abs(logRatio(k) - expected) / Math.max(1, Math.abs(expected)));
        expected += Math.log(((good - k) / (k + 1)) * ((take - k) / (total - good - take + k + 1)));
      }
    }
    expect(worst).toBeLessThan(1e-11);
  });
});
