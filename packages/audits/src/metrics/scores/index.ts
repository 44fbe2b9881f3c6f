import { averagePrecision } from "./average-precision.ts";
import { brierScore } from "./brier-score.ts";
import { expectedCalibrationError } from "./expected-calibration-error.ts";
import { logLoss } from "./log-loss.ts";
import { rocAuc } from "./roc-auc.ts";
import type { ScoreMetric } from "./score-metric.ts";

export { calibrationStream, estimateScores, groupCalibrationStream, type ScoreResult } from "./estimate-scores.ts";
export { noProbability, type ScoreEstimate, type ScoreMetric, type ScoreOptions } from "./score-metric.ts";

/** Every metric of a score against a binary label, alphabetical. */
export const scoreMetrics = [
  averagePrecision,
  brierScore,
  expectedCalibrationError,
  logLoss,
  rocAuc,
] as const satisfies readonly ScoreMetric[];
