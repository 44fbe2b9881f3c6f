import type { Measure } from "@assay/schema";
import { type MeanCounts, studentQuantile } from "../../statistics/index.ts";
import { baselineSplit, changeMeasure, gapMethod, indexMethod } from "./change-measure.ts";
import type { Input } from "./settings.ts";
import type { DriftSummary } from "./summary.ts";
import type { Change, Watch } from "./watched.ts";
import { tooManyScores, type WatchedScore } from "./watched-scores.ts";

export const scoreMetrics = ["psi", "mean-score-change", "mean-score-gap-change"] as const;

/** Rows without a score, and whether scores were watched at all. */
export function scoreRows({ scores }: DriftSummary, { apart }: { readonly apart: boolean }): Measure[] {
  return [
    { metric: "rows-without-score", value: scores?.missing ?? 0, unit: "rows" },
    ...(apart ? [] : [{ metric: "psi", value: null, reason: tooManyScores }]),
  ];
}

/** A group's mean score in every period, and how it, its gap to the reference and the whole distribution have changed. */
export function scoreMeasures(
  one: WatchedScore,
  { periods, baseline }: Watch,
  adjustedOf: ReadonlyMap<Change, number>,
  { confidence }: Input,
): Measure[] {
  const { by, value, numbers, before, after, index } = one;
  const group = by === null ? {} : { group: { [by]: value } };
  const mean = (split: string, counts: MeanCounts): Measure =>
    counts.n === 0
      ? { metric: "mean-score", value: null, ...group, split, n: 0, reason: "no row with a score" }
      : {
          metric: "mean-score",
          value: counts.mean,
          ...group,
          split,
          ...(meanInterval(counts, confidence) ?? {}),
          n: counts.n,
        };
  const change = (name: string, of: Change, method: string, more: object): Measure =>
    changeMeasure(name, of, { ...group, ...more }, after.n, method, adjustedOf, confidence);
  return [
    mean(baselineSplit, before),
    ...numbers.slice(baseline).map((own, later) => mean(periods[baseline + later] ?? "", own)),
    change("psi", index, indexMethod, {}),
    ...(index.value === null ? [] : [{ metric: "psi-corrected", value: index.corrected, ...group, n: after.n }]),
    change("mean-score-change", one.mean, gapMethod, {}),
    ...(one.gap === null
      ? []
      : [change("mean-score-gap-change", one.gap, gapMethod, { reference: one.gap.reference })]),
  ];
}

/** Student's interval of the mean of one period; null of fewer than two rows, or rows that are all alike. */
export function meanInterval(
  { n, mean, squares }: MeanCounts,
  confidence: number,
): { low: number; high: number; confidence: number; method: string } | null {
  if (n < 2 || !(squares > 0)) return null;
  const half = studentQuantile(0.5 + confidence / 2, n - 1) * Math.sqrt(squares / (n - 1) / n);
  return { low: mean - half, high: mean + half, confidence, method: "student" };
}
