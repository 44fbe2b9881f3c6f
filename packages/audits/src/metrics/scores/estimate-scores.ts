import { digestJson } from "@assay/schema";
import { isProbability, type ScoreCurve } from "../../statistics/score-curve.ts";
import { scoreMetrics } from "./index.ts";
import { noProbability, type ScoreEstimate, type ScoreMetric, type ScoreOptions } from "./score-metric.ts";

/**
 * Philox stream of the calibration error over all rows. Audits share it, so that one number has one interval in a report.
 */
export const calibrationStream = 4_102;

/** The same for the calibration error of one group, whatever audit asks. */
export function groupCalibrationStream(by: readonly string[], values: readonly (string | null)[]): number {
  return Number.parseInt(digestJson([by, values]).slice(7, 19), 16);
}

export type ScoreResult =
  | { readonly metric: ScoreMetric; readonly estimate: ScoreEstimate }
  | { readonly metric: ScoreMetric; readonly estimate: null; readonly reason: string };

/** Every score metric of a curve; what needs a probability is unknown, with the reason, where a score is none. */
export function estimateScores(curve: ScoreCurve, options: ScoreOptions): ScoreResult[] {
  const isNone = curve.scores.length > 0 && !isProbability(curve);
  return scoreMetrics.map((metric): ScoreResult => {
    if (metric.probability && isNone) return { metric, estimate: null, reason: noProbability };
    const estimate = metric.estimate(curve, options);
    return estimate === null ? { metric, estimate, reason: metric.undefinedReason } : { metric, estimate };
  });
}
