import { PhiloxStream } from "@assay/compute";
import { expect, test } from "vitest";
import { intervalAt } from "../../../groups/score-estimates.ts";
import { scoreMetrics } from "../../../metrics/scores/index.ts";
import { rangeDifferenceInterval, scoreCurve, simultaneousCritical } from "../../../statistics/index.ts";
import { scoreTest } from "./score-disparity.ts";

const options = { confidence: 0.95, bins: 15, replicates: 200, seed: 1, stream: 1 };
const random = new PhiloxStream(20, 26);

/** Rows whose score is their true probability, of log-odds N(0, spread²) about a rate. */
function draw(rows: number, rate: number, spread: number) {
  const scores = Array.from({ length: rows }, () => {
    const score = 1 / (1 + Math.exp(-Math.log(rate / (1 - rate)) - spread * random.normal()));
    return { score, label: random.uniform() < score ? 1 : 0 };
  }).sort((a, b) => a.score - b.score);
  return scoreCurve({
    scores: Float64Array.from(scores, (row) => row.score),
    weights: null,
    positive: scores.map((row) => row.label),
    negative: scores.map((row) => 1 - row.label),
  });
}

/** Few rows, few positives, many groups, unequal sizes. */
const scenarios = [
  { name: "three groups of 300", sizes: [300, 300, 300], rate: 0.3 },
  { name: "1,000 rows against 40, one in ten positive", sizes: [1000, 40], rate: 0.1 },
  { name: "eight groups of 50, one in five positive", sizes: [50, 50, 50, 50, 50, 50, 50, 50], rate: 0.2 },
] as const;

test.each(scenarios)(
  "the test keeps its level, and the interval of the gap reaches 0: $name",
  ({ sizes, rate }) => {
    const draws = 400;
    const z = simultaneousCritical(0.95, sizes.length);
    const level = {
      rejected: new Map<string, number>(),
      missed: new Map<string, number>(),
      tested: new Map<string, number>(),
    };
    const count = (map: Map<string, number>, name: string): void => void map.set(name, (map.get(name) ?? 0) + 1);
    for (let index = 0; index < draws; index++) {
      const curves = sizes.map((rows) => draw(rows, rate, 1));
      for (const metric of scoreMetrics) {
        if (metric.scale === null && index % 8 !== 0) continue;
        const groups = curves.flatMap((curve) => {
          const estimate = metric.estimate(curve, options);
          const { positiveRows, negativeRows } = curve.totals;
          return estimate ? [{ estimate, rarer: Math.min(positiveRows, negativeRows) }] : [];
        });
        if (groups.length < sizes.length) continue;
        count(level.tested, metric.name);
        const bounds = groups.map(({ estimate, rarer }) => ({
          value: estimate.value,
          ...intervalAt(estimate, metric.scale, rarer, z),
        }));
        if (rangeDifferenceInterval(bounds).low > 0) count(level.missed, metric.name);
        const p = scoreTest(
          groups.map(({ estimate, rarer }) => ({
            value: estimate.value,
            se: estimate.standardError ?? Number.NaN,
            rarer,
          })),
          metric.scale,
        );
        if (p !== null && p < 0.05) count(level.rejected, metric.name);
      }
    }
    for (const { name } of scoreMetrics) {
      const tested = level.tested.get(name) ?? 0;
      // Three standard errors above 5 %.
      const bound = 0.05 + 3 * Math.sqrt((0.05 * 0.95) / tested);
      expect((level.rejected.get(name) ?? 0) / tested, name).toBeLessThan(bound);
      expect((level.missed.get(name) ?? 0) / tested, name).toBeLessThan(bound);
    }
  },
  60_000,
);

test("a true gap is found", () => {
  const groups = [0.3, 2].map((spread) => {
    const curve = draw(2000, 0.3, spread);
    const estimate = scoreMetrics.find((metric) => metric.name === "roc-auc")?.estimate(curve, options);
    return { value: estimate?.value ?? 0, se: estimate?.standardError ?? 0, rarer: 500 };
  });
  expect(scoreTest(groups, "logit")).toBeLessThan(1e-6);
});
