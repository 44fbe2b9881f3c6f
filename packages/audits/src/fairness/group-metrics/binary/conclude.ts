import type { Measure } from "@assay/schema";
import type { AuditContext, Conclusion } from "../../../define.ts";
import { disparities, type TestedMeasure } from "../../../groups/disparity.ts";
import { type Estimated, estimateGroup, groupMeasures, referenceMeasures } from "../../../groups/group-measures.ts";
import { everyone, groupsOf } from "../../../groups/groups.ts";
import { mostBootstrapped, mostPrinted } from "../../../groups/limits.ts";
import { referenceOf } from "../../../groups/reference.ts";
import { debiasedError, scoredGroups, scoredOverall } from "../../../groups/score-estimates.ts";
import type { GroupSummary } from "../../../groups/summary.ts";
import { metrics as allMetrics } from "../../../metrics/index.ts";
import { benjaminiHochberg, holm } from "../../../statistics/index.ts";
import type { Input } from "../settings.ts";
import { figuresOf } from "./figures.ts";
import { metricsFor, scoresFor, stratifiedFor } from "./given.ts";
import { scoreDisparities } from "./score-disparity.ts";
import { stratified } from "./strata.ts";
import { tablesOf } from "./tables.ts";

export async function conclude(summary: GroupSummary, context: AuditContext<Input>): Promise<Conclusion> {
  const { roles, input, signal } = context;
  const metrics = metricsFor(roles);
  const measures: TestedMeasure[] = [];
  const scores = scoresFor(roles);
  const named = scores.length === 0 ? metrics : [...metrics, ...scores, debiasedError];
  const decided = await estimateGroup(everyone(summary), metrics, context, { stream: 0, bootstrap: true });
  const all = scoredOverall(decided, summary, context);
  measures.push(...groupMeasures(all, named, [], input.confidence), ...missing(summary, context));

  for (const [index, by] of roles.groupings.entries()) {
    signal.throwIfAborted();
    // Streams of one grouping lie together: its groups' replicates, then its tests.
    const stream = (index + 1) * 1_000_000;
    const plain: Estimated[] = [];
    const cells = groupsOf(summary, by);
    for (const [position, group] of cells.entries()) {
      plain.push(
        await estimateGroup(group, metrics, context, {
          stream: stream + position,
          bootstrap: cells.length <= mostBootstrapped,
        }),
      );
    }
    const groups = scoredGroups(plain, by, summary, context);
    const printed = largest(groups, mostPrinted);
    for (const group of printed) measures.push(...groupMeasures(group, named, by, input.confidence));
    measures.push(...(await disparities(groups, metrics, by, context, stream + 900_000)));
    if (scores.length > 0) measures.push(...scoreDisparities(groups, by, context));
    const reference = referenceOf(roles, by);
    if (reference)
      measures.push(...referenceMeasures(printed, [...metrics, ...scores], by, reference, input.confidence));
  }

  const stratifiedMetrics = stratifiedFor(roles);
  if (stratifiedMetrics.length > 0) {
    for (const role of roles.protected) {
      signal.throwIfAborted();
      const groups = groupsOf(summary, [role.name]).filter((group) => group.known);
      const comparator = role.reference ?? largestValue(groups);
      if (comparator === null || groups.length < 2) continue;
      measures.push(
        ...stratified(
          summary,
          stratifiedMetrics,
          role.name,
          roles.control.map((one) => one.name),
          comparator,
          { confidence: input.confidence, minCount: input.min_count },
        ).measures,
      );
    }
  }

  const { adjusted, falseDiscovery } = adjust(measures);
  return {
    measures: adjusted,
    figures: figuresOf(adjusted, context),
    tables: tablesOf(adjusted, falseDiscovery, context),
  };
}

/**
 * Holm's adjustment over every distinct hypothesis of the audit: groupings × metrics, where metrics that say the same
 * (a rate and its complement) count once. Benjamini–Hochberg's is told beside it, by the measure's place.
 */
function adjust(measures: readonly TestedMeasure[]): {
  adjusted: Measure[];
  falseDiscovery: ReadonlyMap<number, number>;
} {
  const keyOf = (measure: TestedMeasure): string | null =>
    measure.hypothesis === undefined ? null : JSON.stringify([measure.by, measure.hypothesis]);
  const family = new Map<string, number>();
  for (const measure of measures) {
    const key = keyOf(measure);
    if (key !== null && measure.p !== undefined) family.set(key, measure.p);
  }
  const keys = [...family.keys()];
  const ps = [...family.values()];
  const strict = new Map(holm(ps).map((p, index) => [keys[index] ?? "", p]));
  const lenient = new Map(benjaminiHochberg(ps).map((p, index) => [keys[index] ?? "", p]));
  const falseDiscovery = new Map<number, number>();
  const adjusted = measures.map((measure, index): Measure => {
    const key = keyOf(measure);
    const { hypothesis: _, ...plain } = measure;
    if (key === null) return plain;
    falseDiscovery.set(index, lenient.get(key) ?? 1);
    return { ...plain, p_adjusted: strict.get(key) ?? 1 };
  });
  return { adjusted, falseDiscovery };
}

/** What could not be measured, and the rows left out of what needs them. */
function missing(summary: GroupSummary, { roles }: AuditContext<Input>): Measure[] {
  const cells = everyone(summary).counts;
  const sum = (take: (decision: number, label: number) => boolean): number =>
    cells.reduce((total, count, cell) => (take(Math.floor(cell / 3), cell % 3) ? total + count : total), 0);
  const rows: Measure[] = [{ metric: "rows-without-decision", value: sum((decision) => decision === 0), unit: "rows" }];
  if (roles.label) rows.push({ metric: "rows-without-label", value: sum((_, label) => label === 0), unit: "rows" });
  if (summary.scores) rows.push({ metric: "rows-without-score", value: summary.scores.missing, unit: "rows" });
  if (roles.weight) rows.push({ metric: "rows-without-weight", value: summary.weightless, unit: "rows" });
  if (roles.label) return rows;
  const given = new Set(metricsFor(roles).map((metric) => metric.name));
  return [
    ...rows,
    ...allMetrics
      .filter((metric) => !given.has(metric.name))
      .map((metric): Measure => ({ metric: metric.name, value: null, reason: "the plan names no label" })),
  ];
}

function largest(groups: readonly Estimated[], most: number): readonly Estimated[] {
  if (groups.length <= most) return groups;
  const kept = new Set([...groups].sort((a, b) => b.group.rows - a.group.rows).slice(0, most));
  return groups.filter((group) => kept.has(group));
}

function largestValue(
  groups: readonly { readonly values: readonly (string | null)[]; readonly rows: number }[],
): string | null {
  let best: string | null = null;
  let most = -1;
  for (const group of groups) {
    if (group.rows > most) {
      most = group.rows;
      best = group.values[0] ?? null;
    }
  }
  return best;
}
