import { exp, log } from "@assay/compute";
import type { Interval } from "./interval.ts";
import { criticalValue } from "./normal.ts";

/**
 * The interval of an estimate in (0, 1) with a standard error, taken on the logit scale so that it stays inside; null
 * where the estimate or the error is at an end and the scale has no meaning.
 */
export function logitInterval(estimate: number, standardError: number, confidence: number): Interval | null {
  if (!(estimate > 0 && estimate < 1 && standardError > 0)) return null;
  const middle = log(estimate / (1 - estimate));
  const half = (criticalValue(confidence) * standardError) / (estimate * (1 - estimate));
  return { low: 1 / (1 + exp(half - middle)), high: 1 / (1 + exp(-half - middle)) };
}
