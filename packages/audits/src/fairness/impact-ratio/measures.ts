import type { Measure } from "@assay/schema";
import type { Category, RateTable } from "./categories.ts";
import { groupLabel, type RateKind } from "./kinds.ts";
import type { Input } from "./settings.ts";

/** Count, rate and ratio of every category, unknown ones too; `withCounts` once per report, not once per rate. */
export function rateMeasures(table: RateTable, kind: RateKind, input: Input, withCounts: boolean): readonly Measure[] {
  return table.categories.flatMap((category): Measure[] => {
    const { group, n } = category;
    return [
      ...(withCounts ? [{ metric: "count", value: n, group, n }] : []),
      rateMeasure(category, kind, input),
      ratioMeasure(category, table, kind, input),
    ];
  });
}

function rateMeasure({ group, n, rate }: Category, kind: RateKind, { confidence }: Input): Measure {
  if (rate === null) return { metric: kind.rate, value: null, group, n, reason: "no known outcome in this category" };
  return {
    metric: kind.rate,
    value: rate.value,
    low: rate.low,
    high: rate.high,
    group,
    n,
    confidence,
    method: "wilson",
  };
}

function ratioMeasure({ group, n, ratio }: Category, table: RateTable, kind: RateKind, { confidence }: Input): Measure {
  const common = { metric: kind.ratio, group, n };
  if (ratio.kind === "none") return { ...common, value: null, reason: ratio.reason };
  const reference = table.highest ? groupLabel(table.highest.group).en : "";
  if (ratio.kind === "highest") return { ...common, value: 1, reference, method: "the highest rate itself" };
  const { value, low, high, p, pAdjusted } = ratio;
  return {
    ...common,
    value,
    low,
    ...(Number.isFinite(high) && { high }),
    confidence,
    p,
    p_adjusted: pAdjusted,
    reference,
    method: "koopman score interval, 1 held where fisher's test does not reject; fisher exact p, holm over all pairs",
  };
}
