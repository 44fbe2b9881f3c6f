import { type Estimated, type Held, unknownMetric } from "../../../groups/group-measures.ts";
import { cellsPerClass } from "../../../groups/summary.ts";
import type { ValueEstimate, ValueMetric } from "../../../metrics/values/index.ts";
import { criticalValue } from "../../../statistics/index.ts";
import type { ValueGroup } from "./groups.ts";

/** A group with the estimates of its metrics, and what Welch's test needs of them. */
export interface EstimatedValues extends Estimated {
  readonly values: ReadonlyMap<string, ValueEstimate>;
}

export function estimateValues(
  group: ValueGroup,
  metrics: readonly ValueMetric[],
  confidence: number,
): EstimatedValues {
  const z = criticalValue(confidence);
  const of = new Map<string, Held>([["count", countOf(group.rows)]]);
  const values = new Map<string, ValueEstimate>();
  for (const metric of metrics) {
    const found = metric.estimate(group.moments);
    if (found === null) {
      of.set(metric.name, unknownMetric(group.moments.prediction.n, metric.undefinedReason));
      continue;
    }
    const interval = (at: number): { low: number; high: number } => {
      const { low, high } = found.interval(at);
      return { low: Math.min(low, found.value), high: Math.max(high, found.value) };
    };
    values.set(metric.name, found);
    of.set(metric.name, {
      estimate: {
        value: found.value,
        n: found.n,
        rarer: Number.POSITIVE_INFINITY,
        share: null,
        table: null,
        se: found.se,
        interval,
      },
      // Only groups that are printed are asked for it.
      get interval() {
        return interval(z);
      },
      method: found.method,
    });
  }
  return {
    group: {
      values: group.values,
      rows: group.rows,
      known: group.known,
      counts: new Float64Array(cellsPerClass),
      weights: null,
    },
    of,
    values,
  };
}

function countOf(rows: number): Held {
  const interval = (): { low: number; high: number } => ({ low: rows, high: rows });
  const estimate = { value: rows, n: rows, rarer: Number.POSITIVE_INFINITY, share: null, table: null, se: 0, interval };
  return { estimate, interval: null, method: null };
}
