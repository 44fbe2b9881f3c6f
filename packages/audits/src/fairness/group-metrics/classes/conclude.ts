import type { Measure } from "@assay/schema";
import { givesProbabilities } from "../../../class-probabilities.ts";
import type { AuditContext } from "../../../define.ts";
import { disparities, eligibleGroups, spanOf, type TestedMeasure } from "../../../groups/disparity.ts";
import {
  type Estimated,
  estimateGroup,
  fewestRarer,
  groupMeasures,
  type Named,
  referenceMeasures,
  requiredMetric,
  unknownMetric,
} from "../../../groups/group-measures.ts";
import { everyone, groupsOf } from "../../../groups/groups.ts";
import { mostBootstrapped, mostPrinted } from "../../../groups/limits.ts";
import { referenceOf } from "../../../groups/reference.ts";
import { debiasedError } from "../../../groups/score-estimates.ts";
import type { GroupSummary } from "../../../groups/summary.ts";
import { heldMeasure } from "../../../held-measure.ts";
import { type ClassMetric, type ClassTable, confusionStream } from "../../../metrics/classes/index.ts";
import { scoreDisparities } from "../binary/score-disparity.ts";
import { stratified } from "../binary/strata.ts";
import { largest, largestValue } from "../largest.ts";
import type { Part, PartMeasure } from "../part.ts";
import type { Input } from "../settings.ts";
import { type EstimatedClasses, supportOf, withTables } from "./estimates.ts";
import { classFigures } from "./figures.ts";
import { accuracy, probabilitiesFor, ratesFor, tableMetrics } from "./given.ts";
import { hypothesisOf } from "./hypotheses.ts";
import { mostCells, mostClasses, mostClassMeasures, mostRated, mostShuffled } from "./limits.ts";
import { greatestOverClasses } from "./over-classes.ts";
import { probabilityMetrics, probableGroups, probableOverall } from "./probabilities.ts";
import { type ClassSummary, classNamesOf, classTables, oneAgainstRest, rightAgainstWrong } from "./summary.ts";
import { classTableTests } from "./table-tests.ts";
import { classTablesOf } from "./tables.ts";

const count = requiredMetric("count");
export const tooManyClasses = `more than ${mostClasses} classes: are these numbers? then say output: values, and list texts such as NaN in data.missing`;
const tooManyCells = "too many groups and classes: the whole table is measured over all rows alone";
const untested = `no test: tables of more than ${mostShuffled} groups are not shuffled, nor those without spread`;
const fewRightOrWrong = `fewer than ${fewestRarer} rows predicted rightly, or wrongly, in a group: the interval is approximate`;
const noProbabilities = "no model of the plan gives the probability of each class";

/** Predicted classes and their errors: the whole table, and every class against the rest. */
export async function concludeClasses(summary: ClassSummary, context: AuditContext<Input>): Promise<Part> {
  const { roles, input, signal } = context;
  const { confidence } = input;
  const names = classNamesOf(summary);
  const isMany = names.length > mostClasses;
  const right = rightAgainstWrong(summary, names);
  const metrics = isMany ? [] : tableMetrics(roles);
  const whole = roles.labelText === null || isMany ? [count] : [count, accuracy];
  const { probabilities } = summary;
  const scored = probabilities === null ? [] : probabilitiesFor(roles);
  const named: Named[] = [...whole, ...metrics, ...scored, ...(scored.length > 0 ? [debiasedError] : [])];
  const classes =
    names.length <= mostRated
      ? names.map((name, index) => ({ name, summary: oneAgainstRest(summary, names, index) }))
      : [];
  const table = classTables(summary, isMany ? [] : names, []).get("[]") ?? emptyTable(names.length);
  const support = supportOf(table);

  const all = await estimateGroup(everyone(right), whole, context, { stream: 0, bootstrap: false });
  const plain = await withTables(all, table, metrics, support, context, { stream: confusionStream, bootstrap: true });
  const overall = probabilities === null ? plain : probableOverall(plain, probabilities, context);
  const measures: PartMeasure[] = [
    ...groupMeasures(overall, named, [], confidence),
    ...(await ofClasses(classes, [], null, context)),
    ...missing(right, names.length, context),
  ];

  for (const [index, by] of roles.groupings.entries()) {
    signal.throwIfAborted();
    const stream = (index + 1) * 1_000_000;
    const counted = await groupsBy(by, { summary, right, names, whole, metrics, support, stream }, context);
    const groups =
      probabilities === null ? counted : probableGroups(counted, by, summary.columns, probabilities, context);
    const printed = largest(groups, mostPrinted);
    for (const group of printed) measures.push(...groupMeasures(group, named, by, confidence));
    if (whole.length > 1) measures.push(...(await disparities(groups, [accuracy], by, context, stream + 900_000)));
    measures.push(...(await ofTables(groups, metrics, names.length, support, by, context, stream + 910_000)));
    if (scored.length > 0) measures.push(...scoreDisparities(groups, by, context, scored, fewRightOrWrong));
    const reference = referenceOf(roles, by);
    if (reference)
      measures.push(...referenceMeasures(printed, [...whole, ...metrics, ...scored], by, reference, confidence));
    measures.push(...(await ofClasses(classes, by, reference, context, stream + 920_000)));
  }
  if (!isMany) measures.push(...strata(right, classes, context));
  return {
    measures,
    figures: (adjusted) => classFigures(adjusted, names, context),
    tables: (adjusted, falseDiscovery) => classTablesOf(adjusted, names, falseDiscovery, context),
  };
}

function emptyTable(classes: number): ClassTable {
  return { classes, counts: new Float64Array(classes * classes), weights: null };
}

interface Counted {
  readonly summary: ClassSummary;
  readonly right: GroupSummary;
  readonly names: readonly string[];
  readonly whole: Parameters<typeof estimateGroup>[1];
  readonly metrics: readonly ClassMetric[];
  readonly support: readonly number[];
  readonly stream: number;
}

async function groupsBy(
  by: readonly string[],
  { summary, right, names, whole, metrics, support, stream }: Counted,
  context: AuditContext<Input>,
): Promise<EstimatedClasses[]> {
  const cells = groupsOf(right, by);
  const fits = cells.length * names.length ** 2 <= mostCells;
  const tables = fits && metrics.length > 0 ? classTables(summary, names, by) : null;
  const groups: EstimatedClasses[] = [];
  for (const [position, cell] of cells.entries()) {
    const one = await estimateGroup(cell, whole, context, { stream: stream + position, bootstrap: false });
    if (!tables) {
      groups.push({ ...withReasons(one, metrics), linearised: new Map() });
      continue;
    }
    const table = tables.get(JSON.stringify(cell.values)) ?? emptyTable(names.length);
    const options = { stream: stream + position, bootstrap: cells.length <= mostBootstrapped };
    groups.push(await withTables(one, table, metrics, support, context, options));
  }
  return groups;
}

function withReasons(one: Estimated, metrics: readonly ClassMetric[]): Estimated {
  const of = new Map(one.of);
  for (const { name } of metrics) of.set(name, unknownMetric(0, tooManyCells));
  return { ...one, of };
}

/** Differences and ratios of metrics of the whole table over groups, with their permutation tests. */
async function ofTables(
  groups: readonly EstimatedClasses[],
  metrics: readonly ClassMetric[],
  classes: number,
  support: readonly number[],
  by: readonly string[],
  context: AuditContext<Input>,
  stream: number,
): Promise<TestedMeasure[]> {
  const { confidence, min_count: minCount, replicates } = context.input;
  const run = { device: context.device, replicates, seed: context.plan.seed };
  const measures: TestedMeasure[] = [];
  // Metrics with the same tables share their draws; weighted rows have effective tables of their own for each metric.
  const tests = new Map<string, { members: ClassMetric[]; tables: number[][] }>();
  for (const metric of metrics) {
    const eligible = new Set(eligibleGroups(groups, metric.name, minCount).map(({ one }) => one));
    const lines = groups.filter((one) => eligible.has(one)).map((one) => one.linearised.get(metric.name));
    if (lines.length < 2 || lines.length > mostShuffled || lines.includes(undefined)) continue;
    const tables = lines.map((line) => support.map((cell) => Math.round(line?.counts[cell] ?? 0)));
    const key = JSON.stringify(tables);
    const held = tests.get(key) ?? { members: [], tables };
    held.members.push(metric);
    tests.set(key, held);
  }
  const ps = new Map<string, number>();
  let next = stream;
  for (const { members, tables } of tests.values()) {
    context.signal.throwIfAborted();
    const found = await classTableTests(members, tables, classes, support, { ...run, stream: next });
    for (const [index, metric] of members.entries()) ps.set(metric.name, found[index] ?? 1);
    next++;
  }
  for (const metric of metrics) {
    const span = spanOf(metric, eligibleGroups(groups, metric.name, minCount), by, confidence, minCount);
    const p = ps.get(metric.name);
    const { difference } = span;
    const told: TestedMeasure =
      difference.value === null
        ? difference
        : p === undefined
          ? { ...difference, reason: untested }
          : { ...heldMeasure(difference, p, 0), p, hypothesis: metric.name };
    measures.push(told, span.corrected, heldMeasure(span.ratio, p, 1));
  }
  return measures;
}

/** Rates of every class against the rest, over all rows (`by` empty) or over groups, and the greatest gaps over classes. */
async function ofClasses(
  classes: readonly { readonly name: string; readonly summary: GroupSummary }[],
  by: readonly string[],
  reference: readonly string[] | null,
  context: AuditContext<Input>,
  stream = 0,
): Promise<PartMeasure[]> {
  const { confidence } = context.input;
  const rates = ratesFor(context.roles);
  const measures: PartMeasure[] = [];
  const gaps: { name: string; measures: readonly TestedMeasure[]; groups: readonly Estimated[] }[] = [];
  for (const [index, { name, summary }] of classes.entries()) {
    context.signal.throwIfAborted();
    const cells = by.length === 0 ? [everyone(summary)] : groupsOf(summary, by);
    const groups: Estimated[] = [];
    for (const cell of cells) groups.push(await estimateGroup(cell, rates, context, { stream: 0, bootstrap: false }));
    const most = Math.min(mostPrinted, Math.max(1, Math.floor(mostClassMeasures / classes.length / rates.length)));
    const printed = largest(groups, most);
    const own = (measure: TestedMeasure): TestedMeasure => ({ ...measure, class: name });
    for (const group of printed) measures.push(...groupMeasures(group, rates, by, confidence).map(own));
    if (by.length === 0) continue;
    const found = await disparities(groups, rates, by, context, stream + index * 100);
    gaps.push({ name, measures: found, groups });
    const isOverClasses = ({ metric }: Measure): boolean => /^(demographic-parity|equalized-odds)-/.test(metric);
    measures.push(
      ...found
        .filter((measure) => !isOverClasses(measure))
        .map((measure) =>
          measure.hypothesis === undefined
            ? own(measure)
            : { ...own(measure), hypothesis: hypothesisOf(measure.metric, index, classes.length) },
        ),
    );
    if (reference) measures.push(...referenceMeasures(printed, rates, by, reference, confidence).map(own));
  }
  if (by.length > 0 && gaps.length > 0) measures.push(...greatestOverClasses(gaps, by, context));
  return measures;
}

/** Accuracy and the rates of every class within strata of the control columns, and pooled over them. */
function strata(
  right: GroupSummary,
  classes: readonly { readonly name: string; readonly summary: GroupSummary }[],
  { roles, input }: AuditContext<Input>,
): Measure[] {
  if (roles.control.length === 0) return [];
  const control = roles.control.map(({ name }) => name);
  const options = { confidence: input.confidence, minCount: input.min_count };
  return roles.protected.flatMap((role): Measure[] => {
    const groups = groupsOf(right, [role.name]).filter(({ known }) => known);
    const comparator = role.reference ?? largestValue(groups);
    if (comparator === null || groups.length < 2) return [];
    const of = (summary: GroupSummary, metrics: readonly (typeof accuracy)[]): readonly Measure[] =>
      stratified(summary, metrics, role.name, control, comparator, options);
    return [
      ...(roles.labelText === null ? [] : of(right, [accuracy])),
      ...classes.flatMap(({ name, summary }) =>
        of(summary, ratesFor(roles)).map((measure): Measure => ({ ...measure, class: name })),
      ),
    ];
  });
}

/** Rows left out of what needs them, and what could not be measured. */
function missing(right: GroupSummary, classes: number, { roles }: AuditContext<Input>): Measure[] {
  const cells = everyone(right).counts;
  const sum = (take: (prediction: number, label: number) => boolean): number =>
    cells.reduce((total, rows, cell) => (take(Math.floor(cell / 3), cell % 3) ? total + rows : total), 0);
  const measures: Measure[] = [
    { metric: "classes", value: classes },
    { metric: "rows-without-prediction", value: sum((prediction) => prediction === 0), unit: "rows" },
  ];
  if (roles.labelText)
    measures.push({ metric: "rows-without-label", value: sum((_, label) => label === 0), unit: "rows" });
  if (roles.weight) measures.push({ metric: "rows-without-weight", value: right.weightless, unit: "rows" });
  const unknown = (metric: string, reason: string): Measure => ({ metric, value: null, reason });
  const whole = [accuracy.name, ...tableMetrics(roles).map(({ name }) => name)];
  if (classes > mostClasses)
    measures.push(...(roles.labelText ? whole : ["selection-rate"]).map((name) => unknown(name, tooManyClasses)));
  if (roles.labelText === null) {
    for (const name of ["accuracy", "cohen-kappa", "f1-macro", "f1-weighted", "mcc"])
      measures.push(unknown(name, "the plan names no label"));
  } else if (!givesProbabilities(roles)) {
    measures.push(...probabilityMetrics.map(({ name }) => unknown(name, noProbabilities)));
  }
  return measures;
}
