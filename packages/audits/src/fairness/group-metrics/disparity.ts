import type { Measure } from "@assay/schema";
import type { AuditContext } from "../../define.ts";
import type { Metric } from "../../metrics/index.ts";
import { intervalMethods } from "../../metrics/interval-methods.ts";
import {
  type Bounded,
  correctedRange,
  rangeDifferenceInterval,
  rangeRatioInterval,
  simultaneousCritical,
} from "../../statistics/index.ts";
import type { Estimate } from "./estimate.ts";
import type { Estimated } from "./group-measures.ts";
import { confusionsOf } from "./groups.ts";
import { type DisparityTest, hypothesisOf, shareTest, tableTests, tail } from "./hypotheses.ts";
import { normalTest } from "./normal-test.ts";
import type { Input } from "./settings.ts";

/** Measures of one grouping's disparities, with the key of the hypothesis that each p value tests. */
export interface Disparities {
  readonly measures: readonly (Measure & { readonly hypothesis?: string })[];
}

interface Eligible {
  readonly one: Estimated;
  readonly estimate: Estimate;
}

/** Groups that enter a disparity: known, with enough rows, the metric defined. */
export function eligibleGroups(groups: readonly Estimated[], metric: string, minCount: number): Eligible[] {
  return groups.flatMap((one) => {
    const held = one.of.get(metric);
    if (!held || !one.group.known || one.group.rows < minCount || Number.isNaN(held.estimate.value)) return [];
    return [{ one, estimate: held.estimate }];
  });
}

/** Differences, corrected differences and ratios of every metric over the groups of `by`, with simultaneous intervals. */
export async function disparities(
  groups: readonly Estimated[],
  metrics: readonly Metric[],
  by: readonly string[],
  context: AuditContext<Input>,
  stream: number,
): Promise<Disparities> {
  const { confidence, min_count: minCount } = context.input;
  const tests = await testAll(groups, metrics, context, stream);
  const measures: (Measure & { hypothesis?: string })[] = [];
  const spans = new Map<string, { difference: Measure; ratio: Measure }>();
  for (const metric of metrics) {
    if (metric.shape.kind === "count") continue;
    const eligible = eligibleGroups(groups, metric.name, minCount);
    const span = spanOf(metric, eligible, by, confidence, minCount);
    const hypothesis = hypothesisOf(metric);
    const test = tests.get(hypothesis);
    const tested = test && span.difference.value !== null ? { p: test.p, hypothesis } : {};
    const difference = { ...span.difference, ...tested, ...(test ? methodOf(span.difference, test, context) : {}) };
    measures.push(difference, span.corrected, span.ratio);
    spans.set(metric.name, { difference, ratio: span.ratio });
    if (metric.name === "selection-rate") {
      measures.push(
        { ...difference, metric: "demographic-parity-difference" },
        { ...span.ratio, metric: "demographic-parity-ratio" },
      );
    }
  }
  if (spans.has("true-positive-rate")) {
    measures.push(...equalizedOdds(groups, metrics, by, context, tests));
  }
  return { measures };
}

function methodOf(measure: Measure, test: DisparityTest, context: AuditContext<Input>): { method?: string } {
  if (measure.method === undefined || test.replicates === context.input.replicates) return {};
  return { method: `${measure.method}; test of ${test.replicates} replicates` };
}

interface Span {
  readonly difference: Measure;
  readonly corrected: Measure;
  readonly ratio: Measure;
}

function spanOf(
  metric: Metric,
  eligible: readonly Eligible[],
  by: readonly string[],
  confidence: number,
  minCount: number,
  critical = simultaneousCritical(confidence, eligible.length),
): Span {
  const place = { by: [...by] };
  const names = {
    difference: `${metric.name}-difference`,
    corrected: `${metric.name}-difference-corrected`,
    ratio: `${metric.name}-ratio`,
  };
  if (eligible.length < 2) {
    const reason =
      minCount > 0
        ? `fewer than two groups have ${minCount} rows and a defined ${metric.name}`
        : `fewer than two groups have a defined ${metric.name}`;
    return {
      difference: { metric: names.difference, value: null, ...place, reason },
      corrected: { metric: names.corrected, value: null, ...place, reason },
      ratio: { metric: names.ratio, value: null, ...place, reason },
    };
  }
  const bounded: Bounded[] = eligible.map(({ estimate }) => ({
    value: estimate.value,
    ...estimate.interval(critical),
  }));
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  let n = 0;
  for (const { estimate } of eligible) {
    least = Math.min(least, estimate.value);
    most = Math.max(most, estimate.value);
    n += estimate.n;
  }
  const span = rangeDifferenceInterval(bounded);
  const width = metric.range[1] - metric.range[0];
  const difference: Measure = {
    metric: names.difference,
    value: most - least,
    ...place,
    low: Math.min(span.low, most - least),
    high: Math.min(width, Math.max(span.high, most - least)),
    confidence,
    n,
    method: intervalMethods[metric.name]?.range ?? "tukey-mover",
  };
  const corrected: Measure = {
    metric: names.corrected,
    value: correctedRange(
      eligible.map(({ estimate }) => estimate.value),
      eligible.map(({ estimate }) => estimate.se),
    ),
    ...place,
    n,
    method: "empirical-bayes",
  };
  let ratio: Measure;
  if (least < 0 || most <= 0) {
    const reason = most <= 0 ? `no group has a ${metric.name} above 0` : `a group's ${metric.name} is below 0`;
    ratio = { metric: names.ratio, value: null, ...place, n, reason };
  } else {
    const ratios = rangeRatioInterval(bounded);
    ratio = {
      metric: names.ratio,
      value: least / most,
      ...place,
      low: Math.min(ratios.low, least / most),
      high: Math.max(ratios.high, least / most),
      confidence,
      n,
      method: intervalMethods[metric.name]?.range ?? "tukey-mover",
    };
  }
  return { difference, corrected, ratio };
}

/**
 * The larger of the true-positive and the false-positive rates' differences, the smaller of their ratios. The two rates
 * stand on different rows, so each interval is taken at the square root of the confidence and both hold at once.
 */
function equalizedOdds(
  groups: readonly Estimated[],
  metrics: readonly Metric[],
  by: readonly string[],
  context: AuditContext<Input>,
  tests: ReadonlyMap<string, DisparityTest>,
): (Measure & { hypothesis?: string })[] {
  const { confidence, min_count: minCount } = context.input;
  const spans = ["true-positive-rate", "false-positive-rate"].flatMap((name) => {
    const metric = metrics.find((one) => one.name === name);
    if (!metric) return [];
    const eligible = eligibleGroups(groups, name, minCount);
    const critical = simultaneousCritical(Math.sqrt(confidence), eligible.length);
    return [
      { test: tests.get(hypothesisOf(metric)), span: spanOf(metric, eligible, by, confidence, minCount, critical) },
    ];
  });
  const join = (pick: (span: Span) => Measure, metric: string, choose: (...values: number[]) => number): Measure => {
    const parts = spans.map(({ span }) => pick(span));
    const unknown = parts.find((part) => part.value === null);
    if (unknown) return { metric, value: null, by: [...by], reason: unknown.reason ?? "not defined" };
    return {
      metric,
      value: choose(...parts.map((part) => part.value ?? 0)),
      by: [...by],
      low: choose(...parts.map((part) => part.low ?? 0)),
      high: choose(...parts.map((part) => part.high ?? 1)),
      confidence,
      n: parts.reduce((sum, part) => sum + (part.n ?? 0), 0),
      method: "tukey-mover",
    };
  };
  const difference = join((span) => span.difference, "equalized-odds-difference", Math.max);
  const ratio = join((span) => span.ratio, "equalized-odds-ratio", Math.min);
  const [tpr, fpr] = spans.map(({ test }) => test);
  if (difference.value === null || !tpr || !fpr) return [difference, ratio];
  const length = Math.min(tpr.null.length, fpr.null.length);
  const nulls = new Float64Array(length);
  for (let index = 0; index < length; index++) {
    nulls[index] = Math.max(tpr.null[index] ?? 0, fpr.null[index] ?? 0);
  }
  const p = tail(Math.max(tpr.observed, fpr.observed), nulls);
  return [{ ...difference, p, hypothesis: "equalized-odds" }, ratio];
}

/** One test per hypothesis over the eligible groups. */
async function testAll(
  groups: readonly Estimated[],
  metrics: readonly Metric[],
  context: AuditContext<Input>,
  stream: number,
): Promise<Map<string, DisparityTest>> {
  const { min_count: minCount, replicates } = context.input;
  const run = { device: context.device, replicates, seed: context.plan.seed };
  const tests = new Map<string, DisparityTest>();
  const whole: { metric: Metric; eligible: Eligible[] }[] = [];
  let next = stream;
  for (const metric of metrics) {
    const key = hypothesisOf(metric);
    if (metric.shape.kind === "count" || tests.has(key)) continue;
    const eligible = eligibleGroups(groups, metric.name, minCount);
    if (eligible.length < 2) continue;
    next++;
    if (metric.shape.kind !== "rate") {
      const weighted = eligible.some(({ one }) => one.group.weights !== null);
      if (weighted) {
        const values = eligible.map(({ estimate }) => estimate.value);
        const errors = eligible.map(({ estimate }) => estimate.se);
        tests.set(key, normalTest(values, errors, { ...run, stream: next }));
      } else whole.push({ metric, eligible });
      continue;
    }
    const counts = eligible.map(({ estimate }) => {
      // Effective counts of weighted rows, as whole rows.
      const n = Math.max(1, Math.round(estimate.share?.n ?? 0));
      return { n, k: Math.min(n, Math.round((n * (estimate.share?.k ?? 0)) / (estimate.share?.n || 1))) };
    });
    tests.set(key, await shareTest(counts, { ...run, stream: next }));
  }
  // Metrics defined in the same groups share their draws.
  const sets = new Map<string, { metrics: Metric[]; eligible: Eligible[] }>();
  for (const { metric, eligible } of whole) {
    const key = eligible.map(({ one }) => groups.indexOf(one)).join();
    const set = sets.get(key) ?? { metrics: [], eligible };
    set.metrics.push(metric);
    sets.set(key, set);
  }
  for (const { metrics: members, eligible } of sets.values()) {
    next++;
    const tables = eligible.map(({ one }): readonly [number, number, number, number] => {
      const { tp, fp, fn, tn } = confusionsOf(one.group, "both").counts;
      return [tp, fp, fn, tn];
    });
    const results = await tableTests(members, tables, { ...run, stream: next });
    for (const [index, metric] of members.entries()) {
      const result = results[index];
      if (result) tests.set(hypothesisOf(metric), result);
    }
  }
  return tests;
}
