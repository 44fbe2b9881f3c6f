import { PhiloxStream } from "@assay/compute";
import { estimate } from "../../packages/audits/src/groups/estimate.ts";
import type { Confusions } from "../../packages/audits/src/groups/groups.ts";
import type { Metric } from "../../packages/audits/src/metrics/index.ts";
import {
  type Bounded,
  criticalValue,
  differenceInterval,
  ratioInterval,
  wilsonAt,
} from "../../packages/audits/src/statistics/index.ts";
import { drawTable, drawWeighted, sharesOf, type WeightClass, type World, weightedShares } from "./draw.ts";
import { binomialOutcomes, type Outcomes } from "./exact.ts";

export interface PairCoverage {
  readonly difference: number;
  readonly ratio: number;
}

/** Exact coverage of the signed difference and of the ratio of two independent shares. */
export function pairCoverage(n1: number, p1: number, n2: number, p2: number, confidence: number): PairCoverage {
  const z = criticalValue(confidence);
  const a = boundedOutcomes(n1, binomialOutcomes(n1, p1), z);
  const b = boundedOutcomes(n2, binomialOutcomes(n2, p2), z);
  let difference = 0;
  let ratio = 0;
  let defined = 0;
  for (const left of a) {
    for (const right of b) {
      const chance = left.chance * right.chance;
      if (chance < 1e-14) continue;
      const gap = differenceInterval(left, right);
      if (gap.low <= p1 - p2 && p1 - p2 <= gap.high) difference += chance;
      if (right.value === 0) continue;
      defined += chance;
      const times = ratioInterval(left, right);
      if (times.low <= p1 / p2 && p1 / p2 <= times.high) ratio += chance;
    }
  }
  return { difference, ratio: ratio / defined };
}

function boundedOutcomes(n: number, outcomes: Outcomes, z: number): (Bounded & { readonly chance: number })[] {
  return Array.from(outcomes.chances, (chance, offset) => {
    const k = outcomes.first + offset;
    return { chance, value: k / n, ...wilsonAt(k, n, z) };
  }).filter((one) => one.chance > 1e-9);
}

export type Source = World | readonly WeightClass[];

export function drawFrom(random: PhiloxStream, n: number, source: Source): Confusions {
  return "base" in source ? drawTable(random, n, source) : drawWeighted(random, n, source);
}

export function truthOf(metric: Metric, source: Source): number {
  return metric.formula("base" in source ? sharesOf(source) : weightedShares(source));
}

/** Simulated coverage of differences and ratios of any metric, from the intervals that need no resampling. */
export function simulatedPairs(
  metric: Metric,
  groups: readonly [{ readonly n: number; readonly source: Source }, { readonly n: number; readonly source: Source }],
  options: { readonly simulations: number; readonly confidence: number; readonly seed: number },
): PairCoverage {
  const [a, b] = groups;
  const random = new PhiloxStream(options.seed, a.n * 7919 + b.n);
  const z = criticalValue(options.confidence);
  const trueA = truthOf(metric, a.source);
  const trueB = truthOf(metric, b.source);
  let difference = 0;
  let ratio = 0;
  let defined = 0;
  let positive = 0;
  for (let run = 0; run < options.simulations; run++) {
    const [left, right] = [a, b].map(({ n, source }): Bounded => {
      const one = estimate(metric, drawFrom(random, n, source));
      return { value: one.value, ...one.interval(z) };
    });
    if (!left || !right || Number.isNaN(left.value) || Number.isNaN(right.value)) continue;
    defined++;
    const gap = differenceInterval(left, right);
    if (gap.low <= trueA - trueB && trueA - trueB <= gap.high) difference++;
    if (right.low <= 0) continue;
    positive++;
    const times = ratioInterval(left, right);
    if (times.low <= trueA / trueB && trueA / trueB <= times.high) ratio++;
  }
  return { difference: difference / defined, ratio: ratio / positive };
}
