import { accuracy } from "./accuracy.ts";
import { balancedAccuracy } from "./balanced-accuracy.ts";
import type { ClassMetric } from "./class-metric.ts";
import { cohenKappa } from "./cohen-kappa.ts";
import { f1Macro } from "./f1-macro.ts";
import { f1Weighted } from "./f1-weighted.ts";
import { mcc } from "./mcc.ts";
import { precisionMacro } from "./precision-macro.ts";
import { precisionWeighted } from "./precision-weighted.ts";
import { recallMacro } from "./recall-macro.ts";
import { recallWeighted } from "./recall-weighted.ts";

export { type ClassMetric, type ClassSlopes, type ClassSums, f1Of, occurs, shareOfClass } from "./class-metric.ts";
export { type ClassTable, classSums, effectiveRows, jaccardOfClass, rightOfClass } from "./class-table.ts";
export { type ClassEstimate, type EstimateOptions, estimateClassMetrics, hold } from "./estimate.ts";
export { unseenRange } from "./unseen-range.ts";

/** Philox stream of replicates of the table of all rows. Audits share it, so that one number has one interval in a report. */
export const confusionStream = 4_101;

/** Every metric of a confusion table of two or more classes, alphabetical. */
export const classMetrics = [
  accuracy,
  balancedAccuracy,
  cohenKappa,
  f1Macro,
  f1Weighted,
  mcc,
  precisionMacro,
  precisionWeighted,
  recallMacro,
  recallWeighted,
] as const satisfies readonly ClassMetric[];
