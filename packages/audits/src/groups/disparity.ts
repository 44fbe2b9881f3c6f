import type { Measure } from "@assay/schema";
import { heldMeasure } from "../held-measure.ts";
import type { Metric } from "../metrics/index.ts";
import { intervalMethods } from "../metrics/interval-methods.ts";
import {
  type Bounded,
  correctedRange,
  rangeDifferenceInterval,
  rangeRatioInterval,
  simultaneousCritical,
} from "../statistics/index.ts";
import { type DisparityContext, disparityTests, equalizedOdds } from "./disparity-tests.ts";
import type { Estimate } from "./estimate.ts";
import type { Estimated } from "./group-measures.ts";
import { hypothesisOf } from "./hypotheses.ts";

const rangeMethod = "tukey-mover";

/** A measure of a disparity, with the key of the hypothesis that its p value tests. */
export type TestedMeasure = Measure & { readonly hypothesis?: string };

export interface Eligible {
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

/**
 * Differences, corrected differences and ratios of every metric over the groups of `by`, with simultaneous intervals, which hold
 * "no difference" wherever the permutation test does not reject it.
 */
export async function disparities(
  groups: readonly Estimated[],
  metrics: readonly Metric[],
  by: readonly string[],
  context: DisparityContext,
  stream: number,
): Promise<TestedMeasure[]> {
  const { confidence, min_count: minCount } = context.input;
  const eligible = new Map(metrics.map((metric) => [metric.name, eligibleGroups(groups, metric.name, minCount)]));
  const tests = await disparityTests(metrics, eligible, context, stream);
  const tested = (measure: Measure, hypothesis: string): TestedMeasure => {
    const p = tests.get(hypothesis);
    return p === undefined || measure.value === null ? measure : { ...heldMeasure(measure, p, 0), p, hypothesis };
  };
  const heldRatio = (measure: Measure, hypothesis: string): Measure => heldMeasure(measure, tests.get(hypothesis), 1);
  const measures: TestedMeasure[] = [];
  for (const metric of metrics) {
    if (metric.shape.kind === "count") continue;
    const span = spanOf(metric, eligible.get(metric.name) ?? [], by, confidence, minCount);
    const difference = tested(span.difference, hypothesisOf(metric));
    const ratio = heldRatio(span.ratio, hypothesisOf(metric));
    measures.push(difference, span.corrected, ratio);
    if (metric.name === "selection-rate") {
      measures.push(
        { ...difference, metric: "demographic-parity-difference" },
        { ...ratio, metric: "demographic-parity-ratio" },
      );
    }
  }
  const rates = metrics.filter((one) => one.name === "true-positive-rate" || one.name === "false-positive-rate");
  if (rates.length === 2) {
    const odds = oddsOf(rates, eligible, by, confidence, minCount);
    measures.push(tested(odds.difference, equalizedOdds), heldRatio(odds.ratio, equalizedOdds));
  }
  return measures;
}

export interface Span {
  readonly difference: Measure;
  readonly corrected: Measure;
  readonly ratio: Measure;
}

export function spanOf(
  metric: Pick<Metric, "name" | "range">,
  eligible: readonly Eligible[],
  by: readonly string[],
  confidence: number,
  minCount: number,
  /** Level that the interval is worked out at; `confidence` is what is told. */
  level = confidence,
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
  const critical = simultaneousCritical(level, eligible.length);
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
    method: intervalMethods[metric.name]?.range ?? rangeMethod,
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
      method: intervalMethods[metric.name]?.range ?? rangeMethod,
    };
  }
  return { difference, corrected, ratio };
}

/**
 * The larger of the true-positive and the false-positive rates' differences, the smaller of their ratios. The two rates
 * stand on different rows, so each interval is taken at the square root of the confidence and both hold at once.
 */
function oddsOf(
  rates: readonly Metric[],
  eligible: ReadonlyMap<string, readonly Eligible[]>,
  by: readonly string[],
  confidence: number,
  minCount: number,
): { readonly difference: Measure; readonly ratio: Measure } {
  const spans = rates.map((metric) => {
    const groups = eligible.get(metric.name) ?? [];
    return spanOf(metric, groups, by, confidence, minCount, Math.sqrt(confidence));
  });
  const join = (parts: readonly Measure[], metric: string, choose: (...values: number[]) => number): Measure => {
    const unknown = parts.find((part) => part.value === null);
    if (unknown) return { metric, value: null, by: [...by], reason: unknown.reason ?? "a rate is not defined" };
    return {
      metric,
      value: choose(...parts.map((part) => part.value ?? 0)),
      by: [...by],
      low: choose(...parts.map((part) => part.low ?? 0)),
      high: choose(...parts.map((part) => part.high ?? 1)),
      confidence,
      n: parts.reduce((sum, part) => sum + (part.n ?? 0), 0),
      method: rangeMethod,
    };
  };
  return {
    difference: join(
      spans.map((span) => span.difference),
      "equalized-odds-difference",
      Math.max,
    ),
    ratio: join(
      spans.map((span) => span.ratio),
      "equalized-odds-ratio",
      Math.min,
    ),
  };
}
