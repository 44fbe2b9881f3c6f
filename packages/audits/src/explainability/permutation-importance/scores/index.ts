import type { ImportanceScore } from "./importance-score.ts";
import { brierScore, logLoss } from "./losses.ts";
import { averagePrecision, rocAuc } from "./ranking.ts";
import { accuracy, balancedAccuracy, f1, precision, recall } from "./shares.ts";

export { type ImportanceScore, type Truth, unknownClass } from "./importance-score.ts";

/** Every score that importance can be told in, alphabetical. */
export const importanceScores = [
  accuracy,
  averagePrecision,
  balancedAccuracy,
  brierScore,
  f1,
  logLoss,
  precision,
  recall,
  rocAuc,
] as const satisfies readonly ImportanceScore[];

export type ImportanceScoreName = (typeof importanceScores)[number]["name"];
