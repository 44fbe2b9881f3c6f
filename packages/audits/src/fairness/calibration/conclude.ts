import type { Measure } from "@assay/schema";
import type { AuditContext, Conclusion } from "../../define.ts";
import { calibrationReplicates, mostScored } from "../../groups/limits.ts";
import { groupOf, groupText } from "../../groups/reading.ts";
import { referenceOf } from "../../groups/reference.ts";
import { curvesBy, overallCurve } from "../../groups/score-curves.ts";
import { heldMeasure } from "../../held-measure.ts";
import { groupCalibrationStream } from "../../metrics/scores/estimate-scores.ts";
import { expectedCalibrationError } from "../../metrics/scores/expected-calibration-error.ts";
import { calibrationStream, noProbability } from "../../metrics/scores/index.ts";
import {
  criticalValue,
  holm,
  isProbability,
  rangeDifferenceInterval,
  type ScoreCurve,
  simultaneousCritical,
  welchTest,
} from "../../statistics/index.ts";
import { abroca } from "./abroca.ts";
import { type CalibrationGap, calibrationGap } from "./calibration-gap.ts";
import { figuresOf } from "./figures.ts";
import type { Input } from "./settings.ts";
import type { CalibrationSummary } from "./summary.ts";
import { tablesOf } from "./tables.ts";

/** A group with a score and a label. */
export interface ScoredGroup {
  readonly values: readonly (string | null)[];
  readonly known: boolean;
  readonly rows: number;
  readonly curve: ScoreCurve;
  readonly gap: CalibrationGap | null;
}

export interface ScoredGrouping {
  readonly by: readonly string[];
  readonly groups: readonly ScoredGroup[];
  /** The group that ROC curves are compared with. */
  readonly comparator: ScoredGroup | null;
}

export const tooMany = "too many groups: the score is measured over all rows alone";

export async function conclude(summary: CalibrationSummary, context: AuditContext<Input>): Promise<Conclusion> {
  const { roles, input, plan } = context;
  const all = overallCurve(summary.scores);
  const measures: Measure[] = [
    { metric: "rows-without-score", value: summary.scores.missing, unit: "rows" },
    ...ofCurve(all, {}, context, calibrationStream, 2000),
  ];
  const groupings: ScoredGrouping[] = [];
  for (const [index, by] of roles.groupings.entries()) {
    context.signal.throwIfAborted();
    const grouping = groupingOf(summary, by, context);
    if (grouping === null) {
      measures.push({ metric: "calibration-gap-difference", value: null, by: [...by], reason: tooMany });
      continue;
    }
    groupings.push(grouping);
    const { groups, comparator } = grouping;
    const { all: most, least, most: each } = calibrationReplicates;
    const replicates = Math.max(least, Math.min(each, Math.floor(most / Math.max(1, groups.length))));
    const family: Measure[] = [];
    for (const [place, group] of groups.entries()) {
      context.signal.throwIfAborted();
      const about = { group: groupOf(by, group.values) };
      measures.push({ metric: "count", value: group.rows, ...about, unit: "rows" });
      family.push(...ofCurve(group.curve, about, context, groupCalibrationStream(by, group.values), replicates));
      if (comparator === null || comparator === group || !group.known || group.rows < input.min_count) continue;
      const area = await abroca(group.curve, comparator.curve, {
        device: context.device,
        replicates: input.replicates,
        seed: plan.seed,
        stream: 5_000_000 + index * 10_000 + place * 8,
        confidence: input.confidence,
      });
      const reference = groupText(comparator.values).en;
      if (area === null) {
        family.push({ metric: "abroca", value: null, ...about, reference, reason: "a group lacks one of the labels" });
        continue;
      }
      const bounds =
        area.low === null || area.high === null
          ? { reason: "weighted rows: no interval and no test" }
          : {
              low: area.low,
              high: area.high,
              confidence: input.confidence,
              method: "bootstrap-debiased",
              ...(area.p === null ? {} : { p: area.p }),
            };
      family.push(
        { metric: "abroca", value: area.value, ...about, n: group.rows, reference, ...bounds },
        { metric: "abroca-debiased", value: area.debiased, ...about, n: group.rows, reference },
      );
    }
    measures.push(...adjusted([...family, ...differenceOf(grouping, input)]));
  }
  return {
    measures,
    figures: figuresOf(groupings, all, input),
    tables: tablesOf(groupings, measures, input),
  };
}

function groupingOf(
  summary: CalibrationSummary,
  by: readonly string[],
  { roles, input }: AuditContext<Input>,
): ScoredGrouping | null {
  const curves = curvesBy(summary, by);
  if (curves === null || curves.size > mostScored) return null;
  const groups = [...curves]
    .map(([key, curve]): ScoredGroup => {
      const values = JSON.parse(key) as (string | null)[];
      const own = curve();
      return {
        values,
        known: values.every((value) => value !== null),
        rows: own.totals.positiveRows + own.totals.negativeRows,
        curve: own,
        gap: isProbability(own) ? calibrationGap(own) : null,
      };
    })
    // Unknown last; the curves come in the order of levels.
    .sort((a, b) => Number(b.known) - Number(a.known));
  const reference = referenceOf(roles, by);
  const eligible = groups.filter((group) => group.known && group.rows >= input.min_count);
  const comparator =
    reference === null
      ? eligible.reduce<ScoredGroup | null>((best, one) => (best === null || one.rows > best.rows ? one : best), null)
      : (groups.find((group) => group.values.every((value, place) => value === reference[place])) ?? null);
  return { by, groups, comparator };
}

/** The numbers of one curve. */
function ofCurve(
  curve: ScoreCurve,
  about: Pick<Measure, "group">,
  { input, plan }: AuditContext<Input>,
  stream: number,
  replicates: number,
): Measure[] {
  const { confidence, bins } = input;
  const names = ["calibration-gap", "mean-score", "base-rate", "expected-calibration-error"] as const;
  const n = curve.totals.positiveRows + curve.totals.negativeRows;
  if (n === 0 || !isProbability(curve)) {
    const reason = n === 0 ? "no row with both label and score" : noProbability;
    return names.map((metric): Measure => ({ metric, value: null, ...about, n, reason }));
  }
  const gap = calibrationGap(curve);
  const error = expectedCalibrationError.estimate(curve, { bins, confidence, replicates, seed: plan.seed, stream });
  if (gap === null || error === null) {
    return names.map((metric): Measure => ({ metric, value: null, ...about, n, reason: "no weight in these rows" }));
  }
  return [
    {
      ...heldMeasure(
        {
          metric: "calibration-gap",
          value: gap.value,
          ...about,
          ...gap.interval(criticalValue(confidence)),
          confidence,
          n,
          method: "wilson-scaled",
        },
        gap.p,
        0,
      ),
      p: gap.p,
    },
    { metric: "mean-score", value: gap.score, ...about, n },
    {
      metric: "expected-calibration-error",
      value: error.value,
      ...about,
      low: error.low,
      high: error.high,
      confidence,
      n,
      ...(error.p === undefined ? {} : { p: error.p }),
      method: error.method,
    },
  ];
}

/** Greatest less least calibration gap over groups: 0 where a score means the same in each. */
function differenceOf({ by, groups }: ScoredGrouping, { confidence, min_count: minCount }: Input): Measure[] {
  const metric = "calibration-gap-difference";
  const eligible = groups.flatMap(({ known, rows, gap }) => (known && rows >= minCount && gap !== null ? [gap] : []));
  if (eligible.length < 2) {
    const isNone = groups.some(({ gap, rows }) => gap === null && rows > 0);
    const reason = isNone ? noProbability : `fewer than two groups have ${minCount} rows with a score and a label`;
    return [{ metric, value: null, by: [...by], reason }];
  }
  const critical = simultaneousCritical(confidence, eligible.length);
  const bounded = eligible.map((gap) => ({ value: gap.value, ...gap.interval(critical) }));
  const values = eligible.map((gap) => gap.value);
  const value = Math.max(...values) - Math.min(...values);
  const { low, high } = rangeDifferenceInterval(bounded);
  const p = welchTest(
    eligible.map((gap) => ({ value: gap.value, standardError: gap.standardError, degrees: gap.n - 1 })),
  );
  return [
    {
      ...heldMeasure(
        {
          metric,
          value,
          by: [...by],
          low: Math.min(low, value),
          high: Math.max(high, value),
          confidence,
          n: eligible.reduce((sum, gap) => sum + gap.n, 0),
          method: "tukey-mover",
        },
        p,
        0,
      ),
      ...(p === null ? {} : { p }),
    },
  ];
}

/** Holm's adjustment over the numbers of one metric in one grouping. */
function adjusted(measures: readonly Measure[]): Measure[] {
  const out = [...measures];
  for (const metric of new Set(measures.map((measure) => measure.metric))) {
    const places = [...measures.keys()].filter(
      (at) => measures[at]?.metric === metric && measures[at]?.p !== undefined,
    );
    const ps = holm(places.map((at) => measures[at]?.p ?? 1));
    for (const [index, at] of places.entries()) {
      const measure = out[at];
      if (measure !== undefined) out[at] = { ...measure, p_adjusted: ps[index] ?? 1 };
    }
  }
  return out;
}
