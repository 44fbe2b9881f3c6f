import type { Measure } from "@assay/schema";
import type { AuditContext } from "../../../define.ts";
import { eligibleGroups, spanOf } from "../../../groups/disparity.ts";
import { groupMeasures, type Named, referenceMeasures } from "../../../groups/group-measures.ts";
import { mostPrinted } from "../../../groups/limits.ts";
import { referenceOf } from "../../../groups/reference.ts";
import { heldMeasure } from "../../../held-measure.ts";
import { type ValueMetric, valueMetrics } from "../../../metrics/values/index.ts";
import { welchTest } from "../../../statistics/index.ts";
import { largest, largestValue } from "../largest.ts";
import type { Part, PartMeasure } from "../part.ts";
import type { Input } from "../settings.ts";
import { type EstimatedValues, estimateValues } from "./estimates.ts";
import { valueFigures } from "./figures.ts";
import { stratifiedMeans, valuesFor } from "./given.ts";
import { everyValue, type ValueGroup, valueGroupsOf } from "./groups.ts";
import { stratifiedValues } from "./strata.ts";
import type { ValueSummary } from "./summary.ts";
import { valueTables } from "./tables.ts";

const count: Named = { name: "count", undefinedReason: "" };

/** Predicted numbers and their errors. */
export async function concludeValues(summary: ValueSummary, context: AuditContext<Input>): Promise<Part> {
  const { roles, input, signal } = context;
  const { confidence } = input;
  const metrics = valuesFor(roles);
  const named: Named[] = [count, ...metrics];
  const everyone = everyValue(summary);
  const measures: PartMeasure[] = [
    ...groupMeasures(estimateValues(everyone, metrics, confidence), named, [], confidence),
    ...missing(summary, everyone, context),
  ];
  for (const by of roles.groupings) {
    signal.throwIfAborted();
    const groups = valueGroupsOf(summary, by).map((group) => estimateValues(group, metrics, confidence));
    const printed = largest(groups, mostPrinted);
    for (const group of printed) measures.push(...groupMeasures(group, named, by, confidence));
    measures.push(...metrics.flatMap((metric) => disparity(metric, groups, by, input)));
    const reference = referenceOf(roles, by);
    if (reference) {
      const without = new Set(metrics.filter((one) => !one.hasRatio).map(({ name }) => `${name}-ratio-to-reference`));
      measures.push(
        ...referenceMeasures(printed, metrics, by, reference, confidence).filter(({ metric }) => !without.has(metric)),
      );
    }
  }
  const pooled = stratifiedMeans(roles);
  if (pooled.length > 0) {
    const control = roles.control.map(({ name }) => name);
    for (const role of roles.protected) {
      signal.throwIfAborted();
      const groups = valueGroupsOf(summary, [role.name]).filter(({ known }) => known);
      const comparator = role.reference ?? largestValue(groups);
      if (comparator === null || groups.length < 2) continue;
      const options = { confidence, minCount: input.min_count };
      measures.push(...stratifiedValues(summary, pooled, role.name, control, comparator, options));
    }
  }
  return {
    measures,
    figures: (adjusted) => valueFigures(adjusted, context),
    tables: (adjusted, falseDiscovery) => valueTables(adjusted, falseDiscovery, context),
  };
}

const noSpread = "no test: the rows of a group do not show its spread";

/** Difference and ratio of a metric over groups, with Welch's test of equal values. */
function disparity(
  metric: ValueMetric,
  groups: readonly EstimatedValues[],
  by: readonly string[],
  { confidence, min_count: minCount }: Input,
): PartMeasure[] {
  const eligible = eligibleGroups(groups, metric.name, minCount);
  const { difference, corrected, ratio } = spanOf(metric, eligible, by, confidence, minCount);
  if (difference.value === null) return [difference, ...(metric.hasRatio ? [corrected, ratio] : [corrected])];
  const chosen = new Set(eligible.map(({ one }) => one));
  const spread = groups.filter((one) => chosen.has(one)).map((one) => one.values.get(metric.name)?.tested ?? null);
  const p = spread.includes(null) ? null : welchTest(spread.filter((one) => one !== null));
  const rest = metric.hasRatio ? [corrected, heldMeasure(ratio, p, 1)] : [corrected];
  const tested: PartMeasure =
    p === null ? { ...difference, reason: noSpread } : { ...heldMeasure(difference, p, 0), p, hypothesis: metric.name };
  return [tested, ...rest];
}

/** Rows left out of what needs them, the spread that gaps are held against, and what could not be measured. */
function missing(summary: ValueSummary, { moments, rows }: ValueGroup, { roles }: AuditContext<Input>): Measure[] {
  const measures: Measure[] = [
    { metric: "rows-without-prediction", value: rows - moments.prediction.n, unit: "rows" },
    ...(roles.weight ? [{ metric: "rows-without-weight", value: summary.weightless, unit: "rows" }] : []),
  ];
  if (roles.labelText === null) {
    const given = new Set(valuesFor(roles).map(({ name }) => name));
    const unknown = valueMetrics.filter(({ name }) => !given.has(name));
    return [
      ...measures,
      ...unknown.map(({ name }): Measure => ({ metric: name, value: null, reason: "the plan names no label" })),
    ];
  }
  const { label, labelVariance } = moments;
  const metric = "label-standard-deviation";
  return [
    ...measures,
    { metric: "rows-without-label", value: moments.prediction.n - label.n, unit: "rows" },
    label.n > 1
      ? { metric, value: Math.sqrt((labelVariance * label.n) / (label.n - 1)), n: label.n }
      : { metric, value: null, reason: "fewer than two rows with both label and prediction" },
  ];
}
