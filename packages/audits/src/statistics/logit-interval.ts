import { exp, log } from "@assay/compute";
import type { Interval } from "./interval.ts";
import { criticalValue } from "./normal.ts";
import { studentQuantile } from "./student.ts";

/**
 * The interval of an estimate in (0, 1) with a standard error, taken on the logit scale so that it stays inside; null
 * where the estimate or the error is at an end and the scale has no meaning. `freedom`: degrees of freedom of the error, by
 * Student's law; none where it is as good as known.
 */
export function logitInterval(
  estimate: number,
  standardError: number,
  confidence: number,
  freedom: number | null = null,
): Interval | null {
  if (!(estimate > 0 && estimate < 1 && standardError > 0)) return null;
  const middle = log(estimate / (1 - estimate));
  const critical = freedom === null ? criticalValue(confidence) : studentQuantile(0.5 + confidence / 2, freedom);
  const half = (critical * standardError) / (estimate * (1 - estimate));
  return { low: 1 / (1 + exp(half - middle)), high: 1 / (1 + exp(-half - middle)) };
}
