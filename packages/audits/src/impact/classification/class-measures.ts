import type { Measure } from "@assay/schema";
import {
  type ClassTable,
  classMetrics,
  classSums,
  type EstimateOptions,
  estimateClassMetrics,
  f1Of,
  hold,
  jaccardOfClass,
  occurs,
  rightOfClass,
  shareOfClass,
} from "../../metrics/classes/index.ts";
import { wilson } from "../../statistics/wilson.ts";
import { accuracyGain } from "./accuracy-gain.ts";
import { neverPredicted, noRowOfClass, onlyWeightless } from "./unknown.ts";

/**
 * Measures of a confusion table: overall ones, then precision, recall, F1 and rows of every class. With `positive` (a
 * binary table) precision, recall and F1 of that class stand among the overall ones too.
 */
export async function classMeasures(
  table: ClassTable,
  names: readonly string[],
  positive: number | null,
  options: EstimateOptions,
): Promise<Measure[]> {
  const rows = table.counts.reduce((sum, count) => sum + count, 0);
  const sums = classSums(table.classes, table.weights?.sums ?? table.counts);
  const present = names.filter((_, index) => occurs(sums, index));
  const silent = present.filter((name) => (sums.predicted[names.indexOf(name)] ?? 0) === 0);
  const unseen = present.filter((name) => (sums.truth[names.indexOf(name)] ?? 0) === 0);
  const measures: Measure[] = [{ metric: "count", value: rows }];
  for (const { metric, value, interval, method } of await estimateClassMetrics(table, classMetrics, options)) {
    if (Number.isNaN(value)) {
      const reason = rows > 0 && !(sums.total > 0) ? onlyWeightless : metric.undefinedReason;
      measures.push({ metric: metric.name, value: null, n: rows, reason });
      continue;
    }
    const zeros = zeroReason(metric.name, silent, unseen);
    measures.push({
      metric: metric.name,
      value,
      ...(interval && { low: interval.low, high: interval.high, confidence: options.confidence }),
      n: rows,
      method,
      ...(zeros === null ? {} : { reason: zeros }),
    });
  }
  measures.push(...accuracyGain(table, options.confidence));
  if (positive !== null) measures.push(...oneClass(table, positive, options.confidence, {}));
  for (const [index, name] of names.entries()) {
    const counted = counts(table, index);
    measures.push(...oneClass(table, index, options.confidence, { class: name }), {
      metric: "count",
      value: counted,
      class: name,
    });
  }
  return measures;
}

/**
 * Averages count as 0 what is not defined of a class that occurs, as scikit-learn's zero_division=0 does; the measure says
 * so. A class that is neither there nor predicted stands in no average.
 */
function zeroReason(metric: string, silent: readonly string[], unseen: readonly string[]): string | null {
  const list = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(", ");
  if (metric.startsWith("precision-") && silent.length > 0)
    return `never predicted, precision counted as 0: ${list(silent)}`;
  if (metric === "recall-macro" && unseen.length > 0) return `no rows, recall counted as 0: ${list(unseen)}`;
  return null;
}

function counts(table: ClassTable, index: number): number {
  let rows = 0;
  for (let column = 0; column < table.classes; column++) rows += table.counts[index * table.classes + column] ?? 0;
  return rows;
}

/** Precision, recall and F1 of one class. */
function oneClass(table: ClassTable, index: number, confidence: number, key: { readonly class?: string }): Measure[] {
  const sums = classSums(table.classes, table.weights?.sums ?? table.counts);
  const rows = classSums(table.classes, table.counts);
  const effective = table.weights ? "-effective" : "";
  const share = (metric: string, margin: "predicted" | "truth", reason: string): Measure => {
    const value = shareOfClass(sums, margin, index);
    const n = rows[margin][index] ?? 0;
    if (Number.isNaN(value)) return { metric, value: null, ...key, n, reason: n > 0 ? onlyWeightless : reason };
    const { k, n: all } = rightOfClass(table, margin, index);
    return {
      metric,
      value,
      ...key,
      ...hold(wilson(k, all, confidence), value),
      confidence,
      n,
      method: `wilson${effective}`,
    };
  };
  const list = [share("precision", "predicted", neverPredicted), share("recall", "truth", noRowOfClass)];
  const n = (rows.truth[index] ?? 0) + (rows.predicted[index] ?? 0) - (rows.right[index] ?? 0);
  const value = f1Of(sums, index);
  if (Number.isNaN(value)) {
    return [...list, { metric: "f1", value: null, ...key, n, reason: n > 0 ? onlyWeightless : noRowOfClass }];
  }
  // F1 = 2J / (1 + J) with Jaccard's index J, a plain share: its interval carries over.
  const { k, n: all } = jaccardOfClass(table, index);
  const jaccard = wilson(k, all, confidence);
  list.push({
    metric: "f1",
    value,
    ...key,
    low: Math.min(value, (2 * jaccard.low) / (1 + jaccard.low)),
    high: Math.max(value, (2 * jaccard.high) / (1 + jaccard.high)),
    confidence,
    n,
    method: `wilson-jaccard${effective}`,
  });
  return list;
}
