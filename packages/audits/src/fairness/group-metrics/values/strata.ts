import type { Measure } from "@assay/schema";
import { groupKey } from "../../../groups/group-measures.ts";
import { strataOf } from "../../../groups/strata-of.ts";
import type { Quantity, ValueMetric, ValueMoments } from "../../../metrics/values/index.ts";
import { criticalValue } from "../../../statistics/index.ts";
import { pooledMeanDifference } from "../../../statistics/pooled-means.ts";
import { valueGroupsOf } from "./groups.ts";
import type { ValueSummary } from "./summary.ts";

/** Strata × groups printed one by one at most; beyond it only the pooled numbers stand. */
const mostPrinted = 2000;

const quantities: Readonly<Record<string, (moments: ValueMoments) => Quantity>> = {
  "mean-prediction": ({ prediction }) => prediction,
  "mean-residual": ({ residual }) => residual,
  "mean-absolute-error": ({ absolute }) => absolute,
};

/** Means of one protected column's groups within each stratum, and their differences from the comparator pooled over strata. */
export function stratifiedValues(
  summary: ValueSummary,
  metrics: readonly ValueMetric[],
  column: string,
  control: readonly string[],
  comparator: string,
  options: { readonly confidence: number; readonly minCount: number },
): Measure[] {
  const cells = valueGroupsOf(summary, [...control, column]);
  const width = control.length;
  const { strata, totals } = strataOf(cells, width);
  const measures: Measure[] = [];
  if (cells.length <= mostPrinted) {
    const z = criticalValue(options.confidence);
    for (const { values, groups } of strata) {
      const stratum = groupKey(control, values);
      for (const group of groups) {
        for (const metric of metrics) {
          const place = { group: { [column]: group.values[width] ?? null }, stratum };
          const one = metric.estimate(group.moments);
          measures.push(
            one === null
              ? { metric: metric.name, value: null, ...place, n: 0, reason: metric.undefinedReason }
              : {
                  metric: metric.name,
                  value: one.value,
                  ...place,
                  n: one.n,
                  ...one.interval(z),
                  confidence: options.confidence,
                  method: one.method,
                },
          );
        }
      }
    }
  }
  const isEnough = (value: string): boolean => (totals.get(value) ?? 0) >= options.minCount;
  for (const value of totals.keys()) {
    if (value === comparator || !isEnough(value) || !isEnough(comparator)) continue;
    for (const metric of metrics) {
      const quantity = quantities[metric.name];
      if (!quantity) continue;
      let n = 0;
      const pairs = strata.flatMap(({ values, groups }) => {
        // Rows of an unknown stratum cannot be compared with their like.
        if (values.includes(null)) return [];
        const [a, b] = [value, comparator].map((text) => groups.find((one) => one.values.at(-1) === text));
        if (!a || !b) return [];
        const pair = { one: quantity(a.moments), other: quantity(b.moments) };
        if (pair.one.n > 0 && pair.other.n > 0) n += pair.one.n;
        return [pair];
      });
      const head = { metric: `${metric.name}-difference-pooled`, group: { [column]: value }, reference: comparator };
      const pooled = pooledMeanDifference(pairs, options.confidence);
      measures.push(
        pooled === null
          ? { ...head, value: null, reason: "no stratum holds two rows of both groups" }
          : { ...head, ...pooled, confidence: options.confidence, n, method: "pooled-student" },
      );
    }
  }
  return measures;
}
