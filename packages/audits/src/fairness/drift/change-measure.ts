import type { Measure } from "@assay/schema";
import { heldMeasure } from "../../held-measure.ts";
import type { Change } from "./watched.ts";

/** What `split` says of a number about all periods of the baseline. */
export const baselineSplit = "baseline";

export const rateMethod = "confidence sequence";
export const gapMethod = "asymptotic confidence sequence";
export const indexMethod = "noncentral chi-squared";

/** A change with its interval and its p values, or why there is none. */
export function changeMeasure(
  metric: string,
  change: Change,
  about: Partial<Measure>,
  n: number,
  method: string,
  adjustedOf: ReadonlyMap<Change, number>,
  confidence: number,
): Measure {
  const p = change.ps?.at(-1);
  if (change.value === null || p === undefined) {
    return { metric, value: null, ...about, reason: change.reason ?? "not tested" };
  }
  const { value, low, high } = change;
  const held = heldMeasure({ metric, value, ...about, low, high, confidence, n, method }, p, 0);
  return { ...held, p, p_adjusted: adjustedOf.get(change) ?? 1 };
}
