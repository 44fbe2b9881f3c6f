import type { Metric } from "../metrics/index.ts";
import { type Cell, everyCell } from "../metrics/metric.ts";

/**
 * What a metric's test asks: two metrics with the same key are equal over groups exactly when the other is (a rate and its
 * complement, F1 and its share), so they share one test and count once among the tests adjusted for.
 */
export function hypothesisOf(metric: Metric): string {
  const { shape } = metric;
  if (shape.kind !== "rate") return metric.name;
  const text = (cells: readonly Cell[]): string => everyCell.filter((cell) => cells.includes(cell)).join("+");
  const others = shape.share.among.filter((cell) => !shape.share.of.includes(cell));
  const sides = [text(shape.share.of), text(others)].sort().join("|");
  return metric.needs === "both" ? sides : `${metric.needs}: ${sides}`;
}
