import type { AuditContext } from "../../define.ts";
import {
  addNumbers,
  distributionDriftPs,
  hasSpread,
  type MeanCounts,
  type MeanPair,
  meanChange,
  meanDriftPs,
  meanGapChange,
  meanGapDriftPs,
  noNumbers,
  stabilityIndex,
} from "../../statistics/index.ts";
import { binned, cutsOf, numbersIn } from "./bins.ts";
import type { Input } from "./settings.ts";
import { type DriftSummary, type PeriodScores, scoresByPeriod } from "./summary.ts";
import type { Change } from "./watched.ts";

/** The score of one group over time, and what the tests say of it. */
export interface WatchedScore {
  /** Null: all rows. */
  readonly by: string | null;
  readonly value: string | null;
  /** One for every period, baseline and later. */
  readonly numbers: readonly MeanCounts[];
  readonly before: MeanCounts;
  readonly after: MeanCounts;
  readonly mean: Change;
  /** Null of all rows, and of the group that others are held against. */
  readonly gap: (Change & { readonly reference: string }) | null;
  /** The stability index of all later rows, its interval that of one look; `ps` hold at all looks together. */
  readonly index: Change & { readonly corrected: number; readonly bins: number };
}

export const tooManyScores = "too many groups in too many periods for their scores to be held apart";

/**
 * Scores of all rows and of the groups whose rates are watched. Null where the plan has no score; `apart` is false where there are too
 * many combinations of period and group to hold.
 */
export function watchScores(
  summary: DriftSummary,
  periods: readonly string[],
  baseline: number,
  groups: readonly { readonly by: string; readonly values: readonly string[]; readonly reference: string | null }[],
  { roles, input, signal }: AuditContext<Input>,
): { readonly apart: boolean; readonly watched: readonly WatchedScore[] } | null {
  if (roles.score === null || summary.scores === null) return null;
  const all = scoresByPeriod(summary, periods, []);
  if (all === null) return { apart: false, watched: [] };
  const nobody: PeriodScores = { values: [], lists: periods.map(() => []) };
  const watched = [watchOne(null, null, all[0] ?? nobody, null, baseline, input)];
  for (const { by, values, reference } of groups) {
    const found = scoresByPeriod(summary, periods, [by]) ?? [];
    const of = (value: string): PeriodScores => found.find((one) => one.values[0] === value) ?? nobody;
    const other = reference === null ? null : { value: reference, numbers: of(reference).lists.map(numbersIn) };
    for (const value of values) {
      signal.throwIfAborted();
      watched.push(watchOne(by, value, of(value), value === reference ? null : other, baseline, input));
    }
  }
  return { apart: true, watched };
}

function watchOne(
  by: string | null,
  value: string | null,
  { lists }: PeriodScores,
  other: { readonly value: string; readonly numbers: readonly MeanCounts[] } | null,
  baseline: number,
  input: Input,
): WatchedScore {
  const numbers = lists.map(numbersIn);
  const before = total(numbers.slice(0, baseline));
  const later = numbers.slice(baseline);
  const after = total(later);
  const few = whyNot(before, after, input);
  const still = few ?? noSpread(before);
  const change = still === null ? meanChange(before, later, input.confidence) : null;
  return {
    by,
    value,
    numbers,
    before,
    after,
    mean:
      change === null ? untested(still ?? reasons.later) : { ...change, ps: meanDriftPs(before, later), reason: null },
    gap: other && gapOf(numbers, still, other, baseline, input),
    index: indexOf(lists, few, baseline, input),
  };
}

const total = (numbers: readonly MeanCounts[]): MeanCounts => numbers.reduce(addNumbers, noNumbers);

const untested = (reason: string): Change => ({ value: null, low: 0, high: 0, ps: null, reason });

const reasons = {
  spread: "the score does not vary in the baseline",
  large: "the scores are too large to be squared",
  later: "fewer than 30 scores after the baseline",
} as const;

function whyNot(before: MeanCounts, after: MeanCounts, input: Input): string | null {
  const least = Math.max(2, input.min_count);
  if (before.n < least) return `fewer than ${least} scores in the baseline`;
  if (after.n === 0) return "no score after the baseline";
  return null;
}

/** Means are held against the spread of the baseline's scores. */
function noSpread(before: MeanCounts): string | null {
  if (hasSpread(before)) return null;
  return Number.isFinite(before.squares) ? reasons.spread : reasons.large;
}

function gapOf(
  own: readonly MeanCounts[],
  few: string | null,
  other: { readonly value: string; readonly numbers: readonly MeanCounts[] },
  baseline: number,
  input: Input,
): Change & { readonly reference: string } {
  const reference = other.value;
  const theirs = total(other.numbers.slice(0, baseline));
  const reason = few ?? whyNot(theirs, total(other.numbers.slice(baseline)), input) ?? noSpread(theirs);
  if (reason !== null) return { reference, ...untested(reason) };
  const from: MeanPair = { own: total(own.slice(0, baseline)), other: theirs };
  const pairs = own
    .slice(baseline)
    .map((numbers, index): MeanPair => ({ own: numbers, other: other.numbers[baseline + index] ?? noNumbers }));
  const change = meanGapChange(from, pairs, input.confidence);
  if (change === null)
    return { reference, ...untested("fewer than 30 scores of both groups in the same later periods") };
  return { reference, ...change, ps: meanGapDriftPs(from, pairs), reason: null };
}

/** Bins are those of the group's own baseline. */
function indexOf(
  lists: PeriodScores["lists"],
  few: string | null,
  baseline: number,
  input: Input,
): WatchedScore["index"] {
  if (few !== null) return { ...untested(few), corrected: 0, bins: 0 };
  const early = lists.slice(0, baseline).flat();
  const cuts = cutsOf(early);
  if (cuts.length === 0) return { ...untested("the baseline's scores do not fill two bins"), corrected: 0, bins: 1 };
  const before = binned(early, cuts);
  const later = lists.slice(baseline).map((period) => binned(period, cuts));
  const after = before.map((_, bin) => later.reduce((sum, period) => sum + (period[bin] ?? 0), 0));
  const { value, low, high, corrected } = stabilityIndex(before, after, input.confidence);
  return { value, low, high, corrected, bins: before.length, ps: distributionDriftPs(before, later), reason: null };
}
