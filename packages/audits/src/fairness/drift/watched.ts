import { AssayError } from "@assay/schema";
import type { AuditContext } from "../../define.ts";
import { confusionsOf, type Group } from "../../groups/groups.ts";
import { metrics } from "../../metrics/index.ts";
import { type Metric, sumOf } from "../../metrics/metric.ts";
import {
  type GapCounts,
  gapChange,
  gapDriftPs,
  type RateCounts,
  rateChangeInterval,
  rateDriftPs,
} from "../../statistics/index.ts";
import { periodOf } from "./periods.ts";
import type { Input } from "./settings.ts";
import { byPeriod, type DriftSummary, periodsIn } from "./summary.ts";
import { watchScores } from "./watched-scores.ts";

/** Rates that are watched, in the order they are told. */
export const watchedNames = [
  "selection-rate",
  "true-positive-rate",
  "false-positive-rate",
  "positive-predictive-value",
] as const;

/** Periods are printed, and looked at, up to this many. */
export const mostPeriods = 2000;
/** Groups of a column that are watched at most: those with the most rows in the baseline. */
export const mostWatched = 30;

/** What was counted of one rate of one group, and what the tests say of it. */
export interface Watched {
  readonly metric: Metric;
  /** Null: all rows. */
  readonly by: string | null;
  readonly value: string | null;
  /** One for every period, baseline and later; n 0 where it has none. */
  readonly counts: readonly RateCounts[];
  readonly before: RateCounts;
  readonly after: RateCounts;
  readonly rate: Change;
  /** Null of all rows, and of the group that others are held against. */
  readonly gap: (Change & { readonly reference: string }) | null;
}

export interface Change {
  readonly value: number | null;
  readonly low: number;
  readonly high: number;
  /** By later period; it holds at all of them together. Null where it is not tested. */
  readonly ps: readonly number[] | null;
  readonly reason: string | null;
}

export interface Watch {
  readonly periods: readonly string[];
  /** How many of the periods are the baseline. */
  readonly baseline: number;
  readonly watched: readonly Watched[];
  /** The score, where the plan has one. */
  readonly scores: ReturnType<typeof watchScores>;
  /** Groups of each column beyond `mostWatched`. */
  readonly left: Readonly<Record<string, number>>;
}

/** Rates of the plan's decision that can be watched: without a label the selection rate alone, without a decision none. */
export function watchedMetrics({ decision, label }: AuditContext<Input>["roles"]): readonly Metric[] {
  if (decision === null) return [];
  return watchedNames.flatMap((name) =>
    name === "selection-rate" || label !== null ? metrics.filter((metric) => metric.name === name) : [],
  );
}

export function watch(summary: DriftSummary, context: AuditContext<Input>): Watch {
  const { roles, input, signal } = context;
  const periods = periodsIn(summary);
  if (periods.length > mostPeriods) {
    throw new AssayError(
      "not-supported",
      `drift: the data span ${periods.length} periods, and ${mostPeriods} can be looked at; choose a longer period than ${input.period}`,
    );
  }
  const baseline = baselineOf(periods, input);
  const watched: Watched[] = [];
  const left: Record<string, number> = {};
  const scored: { by: string; values: string[]; reference: string | null }[] = [];
  for (const metric of watchedMetrics(roles)) {
    const all = byPeriod(summary, periods, [])[0];
    if (all !== undefined)
      watched.push(watchOne(metric, null, null, countsOf(metric, all.counts), null, baseline, input));
  }
  for (const role of roles.protected) {
    const groups = byPeriod(summary, periods, [role.name]).flatMap(({ values: [value], counts }) => {
      if (value == null) return [];
      const size = counts.slice(0, baseline).reduce((sum, one) => sum + (one?.rows ?? 0), 0);
      return [{ value, counts, size }];
    });
    const most = [...groups].sort((a, b) => b.size - a.size || (a.value < b.value ? -1 : 1)).slice(0, mostWatched);
    left[role.name] = groups.length - most.length;
    const reference = most.find((one) => one.value === role.reference) ?? most[0];
    const shown = groups.filter((one) => most.includes(one));
    scored.push({ by: role.name, values: shown.map(({ value }) => value), reference: reference?.value ?? null });
    for (const metric of watchedMetrics(roles)) {
      signal.throwIfAborted();
      const against = reference && { value: reference.value, counts: countsOf(metric, reference.counts) };
      for (const { value, counts } of shown) {
        const other = against === undefined || against.value === value ? null : against;
        watched.push(watchOne(metric, role.name, value, countsOf(metric, counts), other, baseline, input));
      }
    }
  }
  return { periods, baseline, watched, scores: watchScores(summary, periods, baseline, scored, context), left };
}

/** How many periods are the baseline. */
export function baselineOf(periods: readonly string[], input: Input): number {
  if (input.baseline_until === "") return Math.min(input.baseline_periods, periods.length);
  const last = periodOf(input.baseline_until, input.period) ?? "";
  return periods.filter((period) => period <= last).length;
}

function countsOf({ needs, shape }: Metric, groups: readonly (Group | null)[]): RateCounts[] {
  if (shape.kind !== "rate") throw new AssayError("internal", "drift: a watched metric is no rate");
  return groups.map((group) => {
    if (group === null) return { k: 0, n: 0 };
    const { counts } = confusionsOf(group, needs);
    return { k: sumOf(counts, shape.share.of), n: sumOf(counts, shape.share.among) };
  });
}

function watchOne(
  metric: Metric,
  by: string | null,
  value: string | null,
  counts: readonly RateCounts[],
  other: { readonly value: string; readonly counts: readonly RateCounts[] } | null,
  baseline: number,
  input: Input,
): Watched {
  const before = total(counts.slice(0, baseline));
  const later = counts.slice(baseline);
  const after = total(later);
  const least = Math.max(1, input.min_count);
  const few = whyNot(before, after, least);
  const rate: Change =
    few !== null
      ? { value: null, low: -1, high: 1, ps: null, reason: few }
      : {
          value: after.k / after.n - before.k / before.n,
          ...rateChangeInterval(before, after, input.confidence),
          ps: rateDriftPs(before, later),
          reason: null,
        };
  return {
    metric,
    by,
    value,
    counts,
    before,
    after,
    rate,
    gap: other && gapOf(before, later, few, other, baseline, input),
  };
}

function gapOf(
  before: RateCounts,
  later: readonly RateCounts[],
  few: string | null,
  other: { readonly value: string; readonly counts: readonly RateCounts[] },
  baseline: number,
  input: Input,
): Change & { readonly reference: string } {
  const from: GapCounts = { own: before, other: total(other.counts.slice(0, baseline)) };
  const pairs = later.map(
    (own, index): GapCounts => ({ own, other: other.counts[baseline + index] ?? { k: 0, n: 0 } }),
  );
  const reason = few ?? whyNot(from.other, total(pairs.map((pair) => pair.other)), Math.max(1, input.min_count));
  const change = reason === null ? gapChange(from, pairs, input.confidence) : null;
  const reference = other.value;
  if (change === null) {
    return {
      reference,
      value: null,
      low: -2,
      high: 2,
      ps: null,
      reason: reason ?? "no period has rows of both groups",
    };
  }
  return { reference, ...change, ps: gapDriftPs(from, pairs), reason: null };
}

function whyNot(before: RateCounts, after: RateCounts, least: number): string | null {
  if (before.n < least) return `fewer than ${least} rows in the baseline`;
  return after.n === 0 ? "no row after the baseline" : null;
}

function total(counts: readonly RateCounts[]): RateCounts {
  return counts.reduce((sum, { k, n }) => ({ k: sum.k + k, n: sum.n + n }), { k: 0, n: 0 });
}
