import type { Interval } from "../../statistics/interval.ts";
import { wilson } from "../../statistics/wilson.ts";
import type { ClassMetric, ClassSums } from "./class-metric.ts";
import { type ClassTable, classSums, effectiveRows, shifted } from "./class-table.ts";

/**
 * The lowest and the highest value that a metric takes when rows that the sample may have left unseen are added: as many
 * as Wilson's bound on the rate of what n rows did not show, all in one cell of the table (any), or on its diagonal in the
 * proportions of the labels. A table of one class gets a second. For tables that show no spread of their own, where
 * resampling and linearising would give an interval without width.
 */
export function unseenRange(metric: ClassMetric, table: ClassTable, confidence: number): Interval {
  const own = table.weights?.sums ?? table.counts;
  const classes = Math.max(2, table.classes);
  const sums = classSums(classes, table.classes === 1 ? [own[0] ?? 0, 0, 0, 0] : own);
  const rate = wilson(0, effectiveRows(table), confidence).high;
  const unseen = (sums.total * rate) / (1 - rate);
  let [low, high] = [metric.range[1], metric.range[0]];
  const look = (grownSums: ClassSums): void => {
    const value = metric.formula(grownSums);
    if (!Number.isFinite(value)) return;
    low = Math.max(metric.range[0], Math.min(low, value));
    high = Math.min(metric.range[1], Math.max(high, value));
  };
  for (let cell = 0; cell < classes * classes; cell++) look(shifted(sums, classes, cell, unseen));
  const grown = (of: Float64Array): Float64Array =>
    of.map((value, index) => value + (unseen * (sums.truth[index] ?? 0)) / sums.total);
  look({
    total: sums.total + unseen,
    right: grown(sums.right),
    truth: grown(sums.truth),
    predicted: grown(sums.predicted),
  });
  return { low, high };
}
