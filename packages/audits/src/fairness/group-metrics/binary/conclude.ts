import { AssayError, type Measure } from "@assay/schema";
import type { AuditContext } from "../../../define.ts";
import { disparities, type TestedMeasure } from "../../../groups/disparity.ts";
import { estimateGroup, estimateGroups, groupMeasures, referenceMeasures } from "../../../groups/group-measures.ts";
import { everyone, groupsOf } from "../../../groups/groups.ts";
import { mostBootstrapped, mostPrinted } from "../../../groups/limits.ts";
import { referenceOf } from "../../../groups/reference.ts";
import { debiasedError, scoredGroups, scoredOverall } from "../../../groups/score-estimates.ts";
import type { GroupSummary } from "../../../groups/summary.ts";
import { metrics as allMetrics } from "../../../metrics/index.ts";
import { countText } from "../../../wording/index.ts";
import { largest, largestValue } from "../largest.ts";
import type { Part } from "../part.ts";
import type { Input } from "../settings.ts";
import { figuresOf } from "./figures.ts";
import { metricsFor, scoresFor, stratifiedFor } from "./given.ts";
import { scoreDisparities } from "./score-disparity.ts";
import { stratified } from "./strata.ts";
import { tablesOf } from "./tables.ts";

/** Rows that a draw's 32 bits can tell apart. */
const mostRows = 2 ** 32 - 1;

/** Rates of a binary decision, and metrics of a score beside it; of a score alone those of the score, and how often the label comes. */
export async function concludeBinary(summary: GroupSummary, context: AuditContext<Input>): Promise<Part> {
  const { roles, input, signal } = context;
  const metrics = metricsFor(roles);
  const measures: TestedMeasure[] = [];
  const scores = scoresFor(roles);
  const named = scores.length === 0 ? metrics : [...metrics, ...scores, debiasedError];
  const people = everyone(summary);
  if (people.weights === null && people.rows > mostRows) {
    throw new AssayError(
      "data-invalid",
      `the counts add up to ${countText(people.rows)} rows, and replicates are drawn of up to ${countText(mostRows)}; divide the counts by a constant, or give them as columns.weight`,
    );
  }
  const decided = await estimateGroup(people, metrics, context, { stream: 0, bootstrap: true });
  const all = scoredOverall(decided, summary, context);
  measures.push(...groupMeasures(all, named, [], input.confidence), ...missing(summary, context));

  for (const [index, by] of roles.groupings.entries()) {
    signal.throwIfAborted();
    // Streams of one grouping lie together: its groups' replicates, then its tests.
    const stream = (index + 1) * 1_000_000;
    const cells = groupsOf(summary, by);
    const plain = await estimateGroups(cells, metrics, context, {
      stream,
      bootstrap: cells.length <= mostBootstrapped,
    });
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
        ),
      );
    }
  }

  return {
    measures,
    figures: (adjusted) => figuresOf(adjusted, context),
    tables: (adjusted, falseDiscovery) => tablesOf(adjusted, falseDiscovery, context),
  };
}

/** What could not be measured, and the rows left out of what needs them. */
function missing(summary: GroupSummary, { roles }: AuditContext<Input>): Measure[] {
  const cells = everyone(summary).counts;
  const sum = (take: (decision: number, label: number) => boolean): number =>
    cells.reduce((total, count, cell) => (take(Math.floor(cell / 3), cell % 3) ? total + count : total), 0);
  const rows: Measure[] = [];
  if (roles.decision) rows.push({ metric: "rows-without-decision", value: sum((one) => one === 0), unit: "rows" });
  if (roles.label) rows.push({ metric: "rows-without-label", value: sum((_, label) => label === 0), unit: "rows" });
  if (summary.scores) rows.push({ metric: "rows-without-score", value: summary.scores.missing, unit: "rows" });
  if (roles.weight) rows.push({ metric: "rows-without-weight", value: summary.weightless, unit: "rows" });
  if (roles.label && roles.decision) return rows;
  const reason = roles.label ? "the plan names no decision" : "the plan names no label";
  const given = new Set(metricsFor(roles).map((metric) => metric.name));
  return [
    ...rows,
    ...allMetrics
      .filter((metric) => !given.has(metric.name))
      .map((metric): Measure => ({ metric: metric.name, value: null, reason })),
  ];
}
