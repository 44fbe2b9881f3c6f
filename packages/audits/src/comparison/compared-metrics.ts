import { type Metric, metrics } from "../metrics/index.ts";
import type { Share } from "../metrics/metric.ts";

/** Metrics of the data alone do not depend on who decides; precision and recall are other names of two that stay. */
const left = new Set(["base-rate", "count", "precision", "recall"]);

/** Metrics that two deciders may differ in, alphabetical. */
export const comparedMetrics: readonly Metric[] = metrics.filter(({ name }) => !left.has(name));

/**
 * The share of a rate whose denominator is the same rows whoever decides (all rows, or those of one label): such shares
 * are compared row by row. Null where the denominator depends on the decision.
 */
export function pairedShare({ shape, needs }: Metric): Share | null {
  if (shape.kind !== "rate" || shape.curve !== undefined) return null;
  const among = new Set(shape.share.among);
  if (needs === "decision") return shape.share;
  return among.has("tp") === among.has("fn") && among.has("fp") === among.has("tn") ? shape.share : null;
}
