/** Metrics that are shares of people or of decisions: read in percent, their differences in points. */
const shares = new Set([
  "accuracy",
  "balanced-accuracy",
  "base-rate",
  "demographic-parity",
  "equalized-odds",
  "false-negative-rate",
  "false-positive-rate",
  "minimum-detectable",
  "negative-predictive-value",
  "positive-predictive-value",
  "precision",
  "recall",
  "selection-rate",
  "true-negative-rate",
  "true-positive-rate",
]);

export type MetricFormat = "percent" | "number";

/** How a metric is read, by its name; a gap in a share is a share, a ratio of shares is none. */
export function metricFormat(metric: string): MetricFormat {
  return shares.has(metric.replace(/-difference(-corrected)?$/, "")) ? "percent" : "number";
}
