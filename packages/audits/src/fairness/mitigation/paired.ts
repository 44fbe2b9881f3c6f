import type { Measure } from "@assay/schema";
import { criticalValue, normalCdf, pairedGain } from "../../statistics/index.ts";
import { type OutcomeTable, pairedOf } from "./outcomes.ts";

/**
 * How many more held-out rows are decided as their label says, or positively, after than before, on the same rows: McNemar's exact
 * test and Agresti and Min's interval; the linearised difference where rows carry weights. Each row was decided by its own draw.
 * @param metric `accuracy-change`, or what it is called
 */
export function pairedChange(
  of: "accuracy" | "selection-rate",
  metric: string,
  outcomes: OutcomeTable,
  groups: readonly number[],
  confidence: number,
  group: Readonly<Record<string, string | null>> | null = null,
): Measure {
  const { more, less, rows } = pairedOf(outcomes, groups, of);
  const about = { metric, ...(group ? { group: { ...group } } : {}), n: rows.count };
  if (rows.count === 0) return { ...about, value: null, reason: "no held-out row" };
  if (outcomes.joint.sums === null) {
    const { value, interval, p } = pairedGain(more.count, less.count, rows.count, confidence);
    return { ...about, value, low: interval.low, high: interval.high, confidence, p, method: "mcnemar-exact" };
  }
  const value = (more.sum - less.sum) / rows.sum;
  const same = rows.square - more.square - less.square;
  const variance =
    (more.square * (1 - value) ** 2 + less.square * (1 + value) ** 2 + same * value ** 2) / rows.sum ** 2;
  const error = Math.sqrt(variance);
  const half = criticalValue(confidence) * error;
  return {
    ...about,
    value,
    low: Math.max(-1, value - half),
    high: Math.min(1, value + half),
    confidence,
    p: error > 0 ? Math.min(1, 2 * (1 - normalCdf(Math.abs(value) / error))) : 1,
    method: "linearised-paired",
  };
}
