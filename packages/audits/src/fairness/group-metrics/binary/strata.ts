import type { Measure } from "@assay/schema";
import { effectiveShare, estimate } from "../../../groups/estimate.ts";
import { groupKey } from "../../../groups/group-measures.ts";
import { confusionsOf, type Group, groupsOf } from "../../../groups/groups.ts";
import { type Stratum, strataOf } from "../../../groups/strata-of.ts";
import type { GroupSummary } from "../../../groups/summary.ts";
import type { Metric, Share } from "../../../metrics/index.ts";
import { criticalValue, mantelHaenszelDifference, type StratumCounts } from "../../../statistics/index.ts";

/** Strata × groups printed one by one at most; beyond it only the pooled numbers stand. */
const mostPrinted = 2000;

/**
 * Rates of one protected column's groups within each stratum of the control columns, and their differences from the
 * comparator pooled over strata by Mantel and Haenszel.
 */
export function stratified(
  summary: GroupSummary,
  metrics: readonly Metric[],
  column: string,
  control: readonly string[],
  comparator: string,
  options: { readonly confidence: number; readonly minCount: number },
): Measure[] {
  const cells = groupsOf(summary, [...control, column]);
  const width = control.length;
  const { strata, totals } = strataOf(cells, width);
  const z = criticalValue(options.confidence);
  const measures: Measure[] = [];
  if (cells.length <= mostPrinted) {
    for (const { values, groups } of strata) {
      const stratum = groupKey(control, values);
      for (const group of groups) {
        for (const metric of metrics) {
          const one = estimate(metric, confusionsOf(group, metric.needs));
          const place = { group: { [column]: group.values[width] ?? null }, stratum, n: one.n };
          measures.push(
            Number.isNaN(one.value)
              ? { metric: metric.name, value: null, ...place, reason: metric.undefinedReason }
              : {
                  metric: metric.name,
                  value: one.value,
                  ...place,
                  ...one.interval(z),
                  confidence: options.confidence,
                  method: group.weights ? "wilson-effective" : "wilson",
                },
          );
        }
      }
    }
  }

  for (const [value, rows] of totals) {
    if (value === comparator || rows < options.minCount || (totals.get(comparator) ?? 0) < options.minCount) continue;
    for (const metric of metrics) {
      if (metric.shape.kind !== "rate") continue;
      measures.push(pooled(metric, metric.shape.share, column, value, comparator, strata, options.confidence));
    }
  }
  return measures;
}

function pooled(
  metric: Metric,
  share: Share,
  column: string,
  value: string,
  comparator: string,
  strata: readonly Stratum<Group>[],
  confidence: number,
): Measure {
  const counts: StratumCounts[] = [];
  let n = 0;
  for (const { values, groups } of strata) {
    // Rows of an unknown stratum cannot be compared with their like.
    if (values.includes(null)) continue;
    const of = (text: string): { k: number; n: number } => {
      const group = groups.find((one) => one.values.at(-1) === text);
      return group ? effectiveShare(share, confusionsOf(group, metric.needs)) : { k: 0, n: 0 };
    };
    const a = of(value);
    const b = of(comparator);
    if (a.n > 0 && b.n > 0)
      n += metric.rows(
        confusionsOf(groups.find((one) => one.values.at(-1) === value) ?? emptyGroup, metric.needs).counts,
      );
    counts.push({ k1: a.k, n1: a.n, k0: b.k, n0: b.n });
  }
  const place = { group: { [column]: value }, reference: comparator };
  const result = mantelHaenszelDifference(counts, confidence);
  const name = `${metric.name}-difference-pooled`;
  if (!result) return { metric: name, value: null, ...place, reason: "no stratum holds rows of both groups" };
  return {
    metric: name,
    value: result.value,
    ...place,
    low: result.low,
    high: result.high,
    confidence,
    n,
    method: "mantel-haenszel",
  };
}

const emptyGroup: Group = { values: [], rows: 0, known: true, counts: new Float64Array(9), weights: null };
