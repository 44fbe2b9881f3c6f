import { PhiloxStream } from "@assay/compute";
import { estimate } from "../../packages/audits/src/groups/estimate.ts";
import type { Metric } from "../../packages/audits/src/metrics/index.ts";
import {
  type Bounded,
  correctedRange,
  rangeDifferenceInterval,
  rangeOf,
  rangeRatioInterval,
  simultaneousCritical,
} from "../../packages/audits/src/statistics/index.ts";
import { drawFrom, type Source, truthOf } from "./pairs.ts";

/** Simulations whose estimate is corrected: enough to see its bias. */
const mostCorrected = 4000;

export interface RangeCoverage {
  readonly difference: number;
  readonly ratio: number;
  /** Share of intervals of the difference that start at 0. */
  readonly zero: number;
  /** Mean of max − min and of the corrected estimate, less the truth. */
  readonly bias: number;
  readonly correctedBias: number;
}

/** Simulated coverage of max − min and min / max over groups. */
export function rangeCoverage(
  metric: Metric,
  groups: readonly { readonly n: number; readonly source: Source }[],
  options: { readonly simulations: number; readonly confidence: number; readonly seed: number },
): RangeCoverage {
  const random = new PhiloxStream(options.seed, groups.length);
  const truths = groups.map(({ source }) => truthOf(metric, source));
  const trueGap = rangeOf(truths);
  const trueRatio = Math.min(...truths) / Math.max(...truths);
  let difference = 0;
  let ratio = 0;
  let zero = 0;
  let bias = 0;
  let correctedBias = 0;
  let corrected = 0;
  let defined = 0;
  let ratios = 0;
  for (let run = 0; run < options.simulations; run++) {
    const estimates = groups
      .map(({ n, source }) => estimate(metric, drawFrom(random, n, source)))
      .filter((one) => !Number.isNaN(one.value));
    if (estimates.length < groups.length) continue;
    const critical = simultaneousCritical(options.confidence, estimates.length);
    const bounded: Bounded[] = estimates.map((one) => ({ value: one.value, ...one.interval(critical) }));
    const values = estimates.map((one) => one.value);
    const gap = rangeDifferenceInterval(bounded);
    defined++;
    if (gap.low <= trueGap + 1e-12 && trueGap - 1e-12 <= gap.high) difference++;
    if (gap.low === 0) zero++;
    if (Math.min(...values) >= 0 && Math.max(...values) > 0) {
      ratios++;
      const times = rangeRatioInterval(bounded);
      if (times.low <= trueRatio + 1e-12 && trueRatio - 1e-12 <= times.high) ratio++;
    }
    bias += rangeOf(values) - trueGap;
    if (run >= mostCorrected) continue;
    corrected++;
    correctedBias +=
      correctedRange(
        values,
        estimates.map((one) => one.se),
      ) - trueGap;
  }
  return {
    difference: difference / defined,
    ratio: ratio / ratios,
    zero: zero / defined,
    bias: bias / defined,
    correctedBias: correctedBias / corrected,
  };
}
