import { accuracy } from "./accuracy.ts";
import { balancedAccuracy } from "./balanced-accuracy.ts";
import { baseRate } from "./base-rate.ts";
import { cohenKappa } from "./cohen-kappa.ts";
import { count } from "./count.ts";
import { f1 } from "./f1.ts";
import { falseNegativeRate } from "./false-negative-rate.ts";
import { falsePositiveRate } from "./false-positive-rate.ts";
import { mcc } from "./mcc.ts";
import type { Metric } from "./metric.ts";
import { negativePredictiveValue } from "./negative-predictive-value.ts";
import { positivePredictiveValue } from "./positive-predictive-value.ts";
import { precision } from "./precision.ts";
import { recall } from "./recall.ts";
import { selectionRate } from "./selection-rate.ts";
import { trueNegativeRate } from "./true-negative-rate.ts";
import { truePositiveRate } from "./true-positive-rate.ts";

export type { Confusion, Metric, Share } from "./metric.ts";

/** Every metric of a binary decision's confusion table, alphabetical. */
export const metrics = [
  accuracy,
  balancedAccuracy,
  baseRate,
  cohenKappa,
  count,
  f1,
  falseNegativeRate,
  falsePositiveRate,
  mcc,
  negativePredictiveValue,
  positivePredictiveValue,
  precision,
  recall,
  selectionRate,
  trueNegativeRate,
  truePositiveRate,
] as const satisfies readonly Metric[];

/** The metric of this name, or undefined. */
export function metricNamed(name: string): Metric | undefined {
  return metrics.find((metric) => metric.name === name);
}
