import type { AuditContext } from "../../../define.ts";
import type { Estimate } from "../../../groups/estimate.ts";
import { type Estimated, unknownMetric } from "../../../groups/group-measures.ts";
import {
  type ClassMetric,
  type ClassTable,
  classSums,
  estimateClassMetrics,
  unseenRange,
} from "../../../metrics/classes/index.ts";
import { type Linearised, linearise } from "../../../metrics/classes/linearise.ts";
import { criticalValue, normalCdf } from "../../../statistics/index.ts";
import type { Input } from "../settings.ts";

/** A group's accuracy and table metrics, with the linearised tables that tests are fed. */
export interface EstimatedClasses extends Estimated {
  readonly linearised: ReadonlyMap<string, Linearised>;
}

/** Cells that take part in smoothing: every one of few classes; of more, those that occur in any row, and a few beside them. */
export function supportOf(table: ClassTable): number[] {
  const { classes, counts } = table;
  if (classes <= 10) return Array.from({ length: classes * classes }, (_, cell) => cell);
  return Array.from({ length: classes * classes }, (_, cell) => cell).filter((cell) => {
    const [truth, predicted] = [Math.floor(cell / classes), cell % classes];
    return (counts[cell] ?? 0) > 0 || truth === predicted || predicted === (truth + 1) % classes;
  });
}

/** Adds the metrics of a group's confusion table to its estimates. */
export async function withTables(
  one: Estimated,
  table: ClassTable,
  metrics: readonly ClassMetric[],
  support: readonly number[],
  { input, plan, device }: AuditContext<Input>,
  options: { readonly stream: number; readonly bootstrap: boolean },
): Promise<EstimatedClasses> {
  const { confidence, replicates } = input;
  const of = new Map(one.of);
  const linearised = new Map<string, Linearised>();
  const rows = table.counts.reduce((sum, count) => sum + count, 0);
  const found = options.bootstrap
    ? await estimateClassMetrics(table, metrics, {
        confidence,
        replicates,
        seed: plan.seed,
        stream: options.stream,
        device,
      })
    : [];
  for (const [index, metric] of metrics.entries()) {
    const line = linearise(metric, table, support);
    const sums = found[index];
    const value = sums?.value ?? plainValue(metric, table);
    if (Number.isNaN(value)) {
      of.set(metric.name, unknownMetric(rows, metric.undefinedReason));
      continue;
    }
    if (line) linearised.set(metric.name, line);
    const interval = (z: number): { low: number; high: number } => {
      const { low, high } = line?.interval(z) ?? unseenRange(metric, table, 2 * normalCdf(z) - 1);
      return { low: Math.min(low, value), high: Math.max(high, value) };
    };
    const wide = interval(criticalValue(confidence));
    const estimate: Estimate = {
      value,
      n: rows,
      rarer: Number.POSITIVE_INFINITY,
      share: null,
      table: null,
      se: line?.standardError ?? (wide.high - wide.low) / (2 * criticalValue(confidence)),
      interval,
    };
    const resampled = sums?.interval ?? null;
    of.set(metric.name, {
      estimate,
      interval: resampled ?? wide,
      method: resampled ? (sums?.method ?? null) : line ? "linearised" : "wilson-unseen",
    });
  }
  return { group: one.group, of, linearised };
}

function plainValue(metric: ClassMetric, table: ClassTable): number {
  const sums = classSums(table.classes, table.weights?.sums ?? table.counts);
  return sums.total > 0 ? metric.formula(sums) : Number.NaN;
}
