import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { scoreCurve } from "../../statistics/score-curve.ts";
import { scoreMetrics } from "./index.ts";

const options = { confidence: 0.95, bins: 15, replicates: 200, seed: 1, stream: 1 };

test("every metric stands in the list, by name, and in a file of its own", () => {
  const files = readdirSync(fileURLToPath(new URL(".", import.meta.url)))
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .map((name) => name.replace(/\.ts$/, ""))
    .filter((name) => !["estimate-scores", "index", "score-metric"].includes(name));
  expect(scoreMetrics.map((metric) => metric.name)).toEqual(files.sort());
});

test("every estimate stands in its interval and range, also at the ends", () => {
  const curves = [
    { scores: [0, 0.25, 0.5, 1], positive: [0, 1, 1, 2], negative: [3, 1, 1, 0] },
    { scores: [0, 1], positive: [0, 5], negative: [5, 0] },
    { scores: [0, 1], positive: [5, 0], negative: [0, 5] },
    { scores: [0.5], positive: [1], negative: [1] },
  ];
  for (const { scores, positive, negative } of curves) {
    const curve = scoreCurve({ scores: Float64Array.from(scores), weights: null, positive, negative });
    for (const metric of scoreMetrics) {
      const estimate = metric.estimate(curve, options);
      if (!estimate) throw new Error(`${metric.name} has no estimate`);
      const { value, low, high } = estimate;
      expect(low, metric.name).toBeLessThanOrEqual(value);
      expect(high, metric.name).toBeGreaterThanOrEqual(value);
      expect(low, metric.name).toBeGreaterThanOrEqual(metric.range[0]);
      expect(high, metric.name).toBeLessThanOrEqual(metric.range[1]);
      expect(high - low, metric.name).toBeGreaterThan(0);
      const same = estimate.at(options.confidence);
      expect(same.low, metric.name).toBeCloseTo(low, 12);
      expect(same.high, metric.name).toBeCloseTo(high, 12);
      const wider = estimate.at(0.999);
      expect(wider.low, metric.name).toBeLessThanOrEqual(low);
      expect(wider.high, metric.name).toBeGreaterThanOrEqual(high);
    }
  }
});
