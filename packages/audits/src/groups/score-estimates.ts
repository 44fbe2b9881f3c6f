import type { AuditContext } from "../define.ts";
import {
  calibrationStream,
  estimateScores,
  groupCalibrationStream,
  type ScoreEstimate,
  type ScoreMetric,
  type ScoreResult,
  scoreMetrics,
} from "../metrics/scores/index.ts";
import { criticalValue, type Interval, normalCdf, type ScoreCurve, studentQuantile } from "../statistics/index.ts";
import type { Estimate } from "./estimate.ts";
import { type Estimated, type Held, unknownMetric } from "./group-measures.ts";
import { calibrationReplicates, mostScored } from "./limits.ts";
import { curvesBy, emptyCurve, overallCurve, valuesKey } from "./score-curves.ts";
import type { GroupSettings } from "./settings.ts";
import type { GroupSummary } from "./summary.ts";

/** The estimates of all rows with those of their score, as impact.classification has them. */
export function scoredOverall(all: Estimated, summary: GroupSummary, context: AuditContext<GroupSettings>): Estimated {
  if (!summary.scores) return all;
  return withScores(all, overallCurve(summary.scores), context, calibrationStream, context.input.replicates);
}

/** The groups' estimates with those of their scores; where groups are too many, with the reason in their place. */
export function scoredGroups(
  groups: readonly Estimated[],
  by: readonly string[],
  summary: GroupSummary,
  context: AuditContext<GroupSettings>,
): Estimated[] {
  const { scores } = summary;
  if (!scores) return [...groups];
  const curves = groups.length > mostScored ? null : curvesBy(summary, by);
  if (!curves) return groups.map((one) => withReason(one, tooMany));
  const replicates = replicatesOfGroups(groups.length, context.input.replicates);
  return groups.map((one) => {
    context.signal.throwIfAborted();
    const curve = curves.get(valuesKey(one.group.values))?.() ?? emptyCurve(scores);
    return withScores(one, curve, context, groupCalibrationStream(by, one.group.values), replicates);
  });
}

/** Replicates of the calibration error of each of so many groups. */
export function replicatesOfGroups(groups: number, asked: number): number {
  const { all, least, most } = calibrationReplicates;
  return Math.min(asked, Math.max(least, Math.min(most, Math.floor(all / groups))));
}

/** The calibration error less what chance alone adds, told beside the plain one. */
export const debiasedError = {
  name: "expected-calibration-error-debiased",
  undefinedReason: "no row with both label and score",
} as const;

/** Why a group has no metrics of the score. */
export const tooMany = "too many groups: the score is measured over all rows alone";

/** The estimates of a group without those of some metrics of the score, and why. */
export function withReason(
  one: Estimated,
  reason: string,
  metrics: readonly Pick<ScoreMetric, "name">[] = scoreMetrics,
): Estimated {
  const of = new Map(one.of);
  for (const { name } of [...metrics, debiasedError]) of.set(name, unknownMetric(0, reason));
  return { ...one, of };
}

function withScores(
  one: Estimated,
  curve: ScoreCurve,
  context: AuditContext<GroupSettings>,
  stream: number,
  replicates: number,
): Estimated {
  const { bins, confidence } = context.input;
  const { positiveRows, negativeRows } = curve.totals;
  const n = positiveRows + negativeRows;
  const rarer = Math.min(positiveRows, negativeRows);
  const of = new Map(one.of);
  for (const result of estimateScores(curve, { bins, confidence, replicates, seed: context.plan.seed, stream })) {
    addScore(of, result, n, rarer, confidence);
  }
  return { ...one, of };
}

/** Puts a metric of the score among the estimates of a group, a calibration error with its debiased twin. */
export function addScore(
  of: Map<string, Held>,
  result: ScoreResult,
  n: number,
  rarer: number,
  confidence: number,
): void {
  const { metric, estimate } = result;
  const isError = metric.name === "expected-calibration-error";
  if (estimate === null) {
    of.set(metric.name, unknownMetric(n, result.reason));
    if (isError) of.set(debiasedError.name, unknownMetric(n, result.reason));
    return;
  }
  const { low, high, method, debiased } = estimate;
  const held: Held = {
    estimate: { ...estimateOf(estimate, metric.scale, rarer, confidence), n, rarer },
    interval: { low, high },
    method,
  };
  of.set(metric.name, held);
  if (isError && debiased !== undefined) {
    of.set(debiasedError.name, { ...held, estimate: { ...held.estimate, value: debiased } });
  }
}

function estimateOf(
  one: ScoreEstimate,
  scale: ScoreMetric["scale"],
  rarer: number,
  confidence: number,
): Omit<Estimate, "n" | "rarer"> {
  const { value, low, high, standardError } = one;
  return {
    value,
    share: null,
    table: null,
    // Where rows show no spread, what their interval implies.
    se: standardError !== null && standardError > 0 ? standardError : (high - low) / (2 * criticalValue(confidence)),
    interval: (z) => intervalAt(one, scale, rarer, z),
  };
}

/** Further out, a normal's level cannot be told from 1. */
const furthest = 8;

/**
 * The interval that goes into differences and ratios, at a critical value. Where rows of the rarer label are few, the
 * variance of what ranks is uncertain: Student's quantile takes the normal's place, as in the test. Losses have it already.
 */
export function intervalAt(one: ScoreEstimate, scale: ScoreMetric["scale"], rarer: number, z: number): Interval {
  const student = (): number => (rarer > 1 ? studentQuantile(normalCdf(z), rarer - 1) : furthest);
  const reach = scale === "logit" ? Math.min(furthest, student()) : z;
  const { low, high } = one.at(2 * normalCdf(reach) - 1);
  return { low: Math.min(low, one.value), high: Math.max(high, one.value) };
}
