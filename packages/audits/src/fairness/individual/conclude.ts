import { AssayError, type Measure } from "@assay/schema";
import type { AuditContext, Conclusion } from "../../define.ts";
import { groupOf } from "../../groups/reading.ts";
import { agreementDifference, agreementMeasure, chanceMeasure, groupsBy } from "../../neighbours/agreement-measures.ts";
import type { AgreementSummary } from "../../neighbours/read-agreement.ts";
import { criticalValue, wilson } from "../../statistics/index.ts";
import { figuresOf } from "./figures.ts";
import { type ColumnFlips, protectedInputs } from "./flips.ts";
import type { Input } from "./settings.ts";
import type { IndividualSummary } from "./summary.ts";
import { tablesOf } from "./tables.ts";

export const noFeature = "no feature tells people apart";
export const tooFew = "too few people with a known outcome";
export const byConstruction = "by construction: no input of the model";

export function conclude(summary: IndividualSummary, context: AuditContext<Input>): Conclusion {
  const { consistency } = summary;
  if (consistency === null) throw new AssayError("internal", "individual: the neighbours were not measured");
  const measures = [...consistencyMeasures(consistency, context), ...flipMeasures(summary, context)];
  return {
    measures,
    figures: figuresOf(measures, context),
    tables: tablesOf(measures, summary, context),
  };
}

function consistencyMeasures(summary: AgreementSummary, { input, roles }: AuditContext<Input>): Measure[] {
  const { overall, people, asked, neighbours, missing, points } = summary;
  const counts: Measure[] = [
    { metric: "count", value: people, n: people },
    { metric: "asked-count", value: asked, n: people },
    { metric: "neighbour-count", value: neighbours, n: people },
    { metric: "distinct-rows", value: points, n: neighbours },
    ...(missing > 0 ? [{ metric: "missing-count", value: missing }] : []),
  ];
  const reason = summary.used.length === 0 ? noFeature : tooFew;
  if (overall === null) {
    return [
      ...counts,
      { metric: "consistency", value: null, n: 0, reason },
      ...roles.groupings.map((by): Measure => ({ metric: "consistency-difference", value: null, by: [...by], reason })),
    ];
  }
  const metric = "consistency";
  const rows: Measure[] = [
    ...counts,
    agreementMeasure(metric, overall, input.confidence),
    chanceMeasure("consistency-by-chance", summary),
  ];
  for (const by of roles.groupings) {
    const groups = groupsBy(summary, by);
    for (const { values, numbers } of groups) {
      const group = groupOf(by, values);
      rows.push({ metric: "count", value: numbers.n, group, n: numbers.n });
      rows.push({ ...agreementMeasure(metric, numbers, input.confidence), group });
    }
    rows.push(agreementDifference("consistency-difference", by, groups, input));
  }
  return rows;
}

function flipMeasures({ flips }: IndividualSummary, { input, roles, model, plan }: AuditContext<Input>): Measure[] {
  if (roles.model === null || model === null) return [];
  const metric = "counterfactual-flip-rate";
  if (plan.data.counts !== undefined) {
    return roles.protected.map(
      ({ name }): Measure => ({
        metric,
        value: null,
        by: [name],
        reason: "a table of counts holds no single people to ask the model about",
      }),
    );
  }
  const { unread } = protectedInputs(roles);
  return roles.protected.flatMap(({ name }): Measure[] => {
    if (unread.some((role) => role.name === name)) return [{ metric, value: 0, by: [name], method: byConstruction }];
    const found = flips[name];
    return found ? columnMeasures(found, input.confidence) : [];
  });
}

function columnMeasures(found: ColumnFlips, confidence: number): Measure[] {
  const { column, groups, rows, answer } = found;
  const by = [column];
  const metric = "counterfactual-flip-rate";
  if (groups.length < 2) {
    return [{ metric, value: null, by, n: rows, reason: "fewer than two known values are there" }];
  }
  const rate = (name: string, count: number, n: number): Pick<Measure, "metric" | "value"> & Partial<Measure> => ({
    metric: name,
    value: count / n,
    ...wilson(count, n, confidence),
    confidence,
    n,
    method: "wilson",
  });
  const measures: Measure[] = [];
  if (answer !== null) {
    const changed = groups.reduce((sum, one) => sum + one.changed, 0);
    measures.push({ ...rate(metric, changed, rows), by });
  } else {
    measures.push({ metric, value: null, by, n: rows, reason: "the model gives a score and no decision" });
  }
  for (const group of groups) {
    const key = { group: { [column]: group.value } };
    if (answer !== null) measures.push({ ...rate(metric, group.changed, group.n), ...key });
    if (answer === "decision") {
      measures.push({ ...rate("counterfactual-gain-rate", group.gained, group.n), ...key });
      measures.push({ ...rate("counterfactual-loss-rate", group.lost, group.n), ...key });
    }
    if (found.hasScore) {
      const mean = group.shift / group.n;
      const spread = Math.max(0, group.shiftSquares - group.n * mean * mean);
      const half = group.n < 2 ? null : criticalValue(confidence) * Math.sqrt(spread / (group.n - 1) / group.n);
      measures.push({
        metric: "counterfactual-score-shift",
        value: mean,
        ...key,
        ...(half === null
          ? {}
          : { low: mean - half, high: mean + half, confidence, method: "mean of paired differences" }),
        n: group.n,
      });
    }
  }
  return measures;
}
