import { log } from "@assay/compute";
import type { Measure } from "@assay/schema";
import type { AuditContext } from "../../../define.ts";
import { eligibleGroups, spanOf, type TestedMeasure } from "../../../groups/disparity.ts";
import type { Estimate } from "../../../groups/estimate.ts";
import { type Estimated, fewestRarer } from "../../../groups/group-measures.ts";
import { heldMeasure } from "../../../held-measure.ts";
import { type ScoreMetric, scoreMetrics } from "../../../metrics/scores/index.ts";
import { type WelchGroup, welchTest } from "../../../statistics/index.ts";
import type { Input } from "../settings.ts";

/** What a disparity of a score metric must tell: why it has no p value, or that its interval is approximate. */
const reasons = {
  calibration: "no test: calibration errors are biased upward by different amounts in groups of different size",
  few: `fewer than ${fewestRarer} rows of the rarer label in a group: the interval is approximate`,
  spread: "no test: the rows of a group do not show its spread",
} as const;

/** Differences and ratios of the score metrics over groups, with simultaneous intervals and Welch's test where it holds. */
export function scoreDisparities(
  groups: readonly Estimated[],
  by: readonly string[],
  context: AuditContext<Input>,
  metrics: readonly ScoreMetric[] = scoreMetrics,
  few: string = reasons.few,
): TestedMeasure[] {
  const { confidence, min_count: minCount } = context.input;
  return metrics.flatMap((metric): TestedMeasure[] => {
    const eligible = eligibleGroups(groups, metric.name, minCount);
    const { difference, corrected, ratio } = spanOf(metric, eligible, by, confidence, minCount);
    if (difference.value === null) {
      const reason = reasonOfAll(groups, metric.name);
      const told = (measure: Measure): Measure => (reason === null ? measure : { ...measure, reason });
      return metric.scale === null ? [told(difference), told(ratio)] : [difference, corrected, ratio].map(told);
    }
    if (metric.scale === null) return [{ ...difference, reason: reasons.calibration }, ratio];
    const p = scoreTest(
      eligible.map((one) => one.estimate),
      metric.scale,
    );
    const isFew = eligible.some(({ estimate }) => estimate.rarer < fewestRarer);
    const marked: Measure = isFew ? { ...difference, reason: few } : difference;
    const tested: TestedMeasure =
      p === null
        ? { ...difference, reason: reasons.spread }
        : { ...heldMeasure(marked, p, 0), p, hypothesis: metric.name };
    return [tested, corrected, heldMeasure(ratio, p, 1)];
  });
}

/** The one reason for which no group at all has a metric; null where they differ or some have it. */
function reasonOfAll(groups: readonly Estimated[], metric: string): string | null {
  const reasons = new Set(groups.map((one) => one.of.get(metric)?.reason ?? null));
  const [only = null] = reasons;
  return reasons.size === 1 ? only : null;
}

/**
 * p that all groups have one value, by Welch's test where estimates are nearest to normal; null where there is none. A
 * variance is as uncertain as rows of the rarer label are few: with that many degrees of freedom the test keeps its level
 * in groups of 40 with a handful of positives (score-disparity.test.ts).
 */
export function scoreTest(
  groups: readonly Pick<Estimate, "rarer" | "se" | "value">[],
  scale: ScoreMetric["scale"],
): number | null {
  return scale === null ? null : welchTest(groups.map((one) => onScale(one, scale)));
}

function onScale({ value, se, rarer }: Pick<Estimate, "rarer" | "se" | "value">, scale: "log" | "logit"): WelchGroup {
  const degrees = rarer - 1;
  if (scale === "logit") {
    return { value: log(value / (1 - value)), standardError: se / (value * (1 - value)), degrees };
  }
  return { value: log(value), standardError: se / value, degrees };
}
