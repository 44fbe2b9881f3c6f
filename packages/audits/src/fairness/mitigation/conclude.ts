import type { Measure } from "@assay/schema";
import type { AuditContext, Conclusion } from "../../define.ts";
import { holm } from "../../statistics/index.ts";
import { chosenNames, chosenRoles } from "./chosen.ts";
import { decisionsCsv } from "./decisions-csv.ts";
import { type Evidence, measureOf, rateAt, told, toldMetric } from "./estimates.ts";
import { frontFigure, gapFigures } from "./figures.ts";
import { type Front, type FrontPoint, frontPoint, tolerancesTo } from "./front.ts";
import { findGap, type GapContext, gapChange, gapMeasure, gaps } from "./gaps.ts";
import { repairedCsv, resampledCsv, weightsCsv } from "./learner/csv.ts";
import { pairedOf, parts, type Version } from "./outcomes.ts";
import { pairedChange } from "./paired.ts";
import type { MitigationInput } from "./settings.ts";
import { streams } from "./streams.ts";
import type { MitigationSummary } from "./summary.ts";
import { frontTable, gapTable, groupTable } from "./tables.ts";
import { atTolerance, widestGap } from "./threshold/front.ts";
import type { Learned } from "./threshold/learn.ts";
import { lessonOf } from "./threshold/measure.ts";
import { type Draws, replicate } from "./threshold/replicates.ts";
import { writeRules } from "./threshold/rules-model.ts";
import { thresholdsJson } from "./threshold/thresholds-json.ts";

/** Groups printed one by one at most: the largest. */
const mostPrinted = 500;

export async function concludeMitigation(
  summary: MitigationSummary,
  context: AuditContext<MitigationInput>,
): Promise<Conclusion> {
  const { input, roles } = context;
  const by = chosenNames(input, roles);
  const { outcomes, groups } = summary;
  const learned = await learnedOf(summary, context);
  const evidence: Evidence = {
    outcomes,
    unconstrained: summary.steps?.cut ?? null,
    groups: groups.length,
    confidence: input.confidence,
    relearned: learned?.draws ?? null,
    learnsBefore: summary.thresholds !== null && !summary.thresholds.decided,
  };
  const known = groups.flatMap((group, place) => (group.known ? [place] : []));
  const gapContext: GapContext = { evidence, by, known, minCount: input.min_count };
  const all = groups.map((_, place) => place);
  const versions: readonly Version[] =
    evidence.unconstrained === null ? ["before", "after"] : ["before", "after", "unconstrained"];
  const measures: Measure[] = [];
  for (const part of parts) {
    for (const version of versions) {
      const whole = { part, version, groups: all };
      for (const name of told) {
        const metric = toldMetric(name);
        measures.push(measureOf(metric, rateAt(metric, whole, evidence), {}, whole, input.confidence));
      }
      for (const place of largest(summary, all)) {
        const where = { part, version, groups: [place] };
        const group = groupKey(by, groups[place]?.values ?? []);
        for (const name of told) {
          const metric = toldMetric(name);
          measures.push(measureOf(metric, rateAt(metric, where, evidence), { group }, where, input.confidence));
        }
      }
    }
  }
  for (const part of parts) {
    for (const version of versions) {
      for (const gap of gaps) {
        measures.push(gapMeasure(gap, findGap(gap, part, version, gapContext), part, version, gapContext));
      }
    }
  }
  for (const gap of gaps) {
    const [was, is] = [findGap(gap, "test", "before", gapContext), findGap(gap, "test", "after", gapContext)];
    measures.push(gapChange(gap, was, is, gapContext));
  }
  measures.push(
    ...changes(summary, all, by, input.confidence),
    ...leftOut(summary, context),
    drawnShare(summary, all),
    ...ownRules(summary, learned, all, by),
  );

  const front = frontOf(summary, context, gapContext);
  return {
    measures,
    figures: [...gapFigures(measures, context), ...frontFigure(front, context)],
    tables: [groupTable(measures, context), gapTable(measures, context), ...frontTable(front, context)],
    artifacts: artifactsOf(summary, learned, context),
  };
}

interface Relearned {
  readonly rules: Learned;
  readonly draws: Draws | null;
}

/** The rules, learned again from the same counts, and the replicates in which they are learned anew. */
async function learnedOf(
  { thresholds, groups }: MitigationSummary,
  { input, device, plan, signal }: AuditContext<MitigationInput>,
): Promise<Relearned | null> {
  if (thresholds === null) return null;
  const { learned } = atTolerance(thresholds, groups, input, input.tolerance);
  const draws = await replicate(device, {
    ...thresholds,
    learned,
    lesson: lessonOf(thresholds, groups, input),
    replicates: input.replicates,
    seed: plan.seed,
    stream: streams.replicates,
    signal,
  });
  return { rules: learned, draws };
}

/** Share of held-out rows whose decision is drawn rather than certain. */
function drawnShare({ drawn, outcomes }: MitigationSummary, all: readonly number[]): Measure {
  const rows = pairedOf(outcomes, all, "selection-rate").rows.count;
  return {
    metric: "drawn-decision-rate",
    value: rows > 0 ? drawn / rows : 0,
    n: rows,
    split: "test",
    version: "after",
  };
}

/** 1 for a group with a rule of its own, 0 for one with the common rule. */
function ownRules(
  summary: MitigationSummary,
  learned: Relearned | null,
  all: readonly number[],
  by: readonly string[],
): Measure[] {
  if (learned === null) return [];
  return largest(summary, all).map((place) => ({
    metric: "own-rule",
    value: learned.rules.own[place] === true ? 1 : 0,
    group: groupKey(by, summary.groups[place]?.values ?? []),
  }));
}

/**
 * Accuracy and selection, before and after on the same held-out rows: overall, by way of the same learner without the constraint,
 * and accuracy of every printed group with Holm's adjustment.
 */
function changes(
  summary: MitigationSummary,
  all: readonly number[],
  by: readonly string[],
  confidence: number,
): Measure[] {
  const { outcomes, steps } = summary;
  const groups = largest(summary, all).map((place) => {
    const group = groupKey(by, summary.groups[place]?.values ?? []);
    return pairedChange("accuracy", "accuracy-change", outcomes, [place], confidence, group);
  });
  const tested = groups.flatMap((measure) => (measure.p === undefined ? [] : [measure.p]));
  const adjusted = holm(tested);
  let next = 0;
  return [
    ...(["accuracy", "selection-rate"] as const).flatMap((of) => [
      pairedChange(of, `${of}-change`, outcomes, all, confidence),
      ...(steps === null
        ? []
        : [
            pairedChange(of, `${of}-change-by-cut`, steps.cut, all, confidence),
            pairedChange(of, `${of}-change-by-constraint`, steps.constraint, all, confidence),
          ]),
    ]),
    ...groups.map((measure) => (measure.p === undefined ? measure : { ...measure, p_adjusted: adjusted[next++] ?? 1 })),
  ];
}

function leftOut({ leftOut }: MitigationSummary, { input, roles }: AuditContext<MitigationInput>): Measure[] {
  const rows: Measure[] = [{ metric: "rows-without-label", value: leftOut.label, unit: "rows" }];
  if (leftOut.score > 0) rows.push({ metric: "rows-without-score", value: leftOut.score, unit: "rows" });
  if (leftOut.decision > 0) rows.push({ metric: "rows-without-decision", value: leftOut.decision, unit: "rows" });
  if (roles.weight) rows.push({ metric: "rows-without-weight", value: leftOut.weight, unit: "rows" });
  if (input.split !== "") rows.push({ metric: "rows-without-split", value: leftOut.split, unit: "rows" });
  return rows;
}

function frontOf(
  { thresholds, groups, outcomes, front }: MitigationSummary,
  { input }: AuditContext<MitigationInput>,
  context: GapContext,
): Front {
  const at = (version: Version): FrontPoint => frontPoint(1, outcomes, input, context, version);
  const ends = {
    before: at("before"),
    unconstrained: context.evidence.unconstrained === null ? null : at("unconstrained"),
  };
  if (front.length > 0) {
    return { ...ends, points: front.map((one) => frontPoint(one.tolerance, one.outcomes, input, context)) };
  }
  if (thresholds === null || input.frontier === 0) return { ...ends, points: [] };
  const free = atTolerance(thresholds, groups, input, 1);
  const widest = widestGap(free.outcomes, free.learned, input.constraint);
  const tolerances = [...new Set([...tolerancesTo(widest, input.frontier), input.tolerance])].sort((a, b) => a - b);
  return {
    ...ends,
    points: tolerances.map((tolerance) =>
      frontPoint(tolerance, atTolerance(thresholds, groups, input, tolerance).outcomes, input, context),
    ),
  };
}

function artifactsOf(
  { part, after, chance, groups, learned: anew }: MitigationSummary,
  learned: Relearned | null,
  context: AuditContext<MitigationInput>,
): Record<string, Uint8Array | string> {
  return {
    ...(anew?.weights ? { "weights.csv": weightsCsv(anew.weights) } : {}),
    ...(anew?.times ? { "resampled.csv": resampledCsv(anew.times) } : {}),
    ...(anew?.repaired ? { "repaired.csv": repairedCsv(anew.repaired) } : {}),
    ...(anew?.model ? { "model.onnx": anew.model } : {}),
    ...(part !== null && after !== null && chance !== null
      ? { "decisions.csv": decisionsCsv(part, after, chance) }
      : {}),
    ...(learned === null
      ? {}
      : {
          "thresholds.json": thresholdsJson(learned.rules, groups, context),
          ...rulesModel(learned.rules, groups, context),
        }),
  };
}

/** The rules as a model of the score and the groups; none where a group is a band of a number, which no text names. */
function rulesModel(
  { rules, own, pooled }: Learned,
  groups: MitigationSummary["groups"],
  { input, roles }: AuditContext<MitigationInput>,
): Record<string, Uint8Array> {
  if (chosenRoles(input, roles).some((role) => role.request.kind !== "text")) return {};
  const score = roles.score?.kind === "number" ? roles.score.column : "score";
  const by = chosenNames(input, roles);
  if (by.includes(score)) return {};
  return {
    "model.onnx": writeRules({
      score,
      by,
      rules: groups.flatMap(({ values }, index) =>
        own[index] === true ? [{ values: values.map((value) => value ?? ""), rule: rules[index] ?? [] }] : [],
      ),
      others: pooled,
    }),
  };
}

/** The groups that are printed, in their order. */
function largest({ outcomes, groups }: MitigationSummary, all: readonly number[]): readonly number[] {
  if (groups.length <= mostPrinted) return all;
  const rows = all.map((place) =>
    outcomes.joint.counts.subarray(place * 16, place * 16 + 16).reduce((sum, count) => sum + count, 0),
  );
  const kept = new Set([...all].sort((a, b) => (rows[b] ?? 0) - (rows[a] ?? 0)).slice(0, mostPrinted));
  return all.filter((place) => kept.has(place));
}

export function groupKey(by: readonly string[], values: readonly (string | null)[]): Record<string, string | null> {
  return Object.fromEntries(by.map((name, index) => [name, values[index] ?? null]));
}
