import type { Measure } from "@assay/schema";
import { heldMeasure } from "../../held-measure.ts";
import { criticalValue, type Interval, rangeDifferenceInterval, simultaneousCritical } from "../../statistics/index.ts";
import { type GapInterval, gapBand } from "./band.ts";
import {
  confusionsAt,
  type Evidence,
  movesAgain,
  type Rate,
  rateAt,
  type Told,
  toldMetric,
  versionPlaces,
} from "./estimates.ts";
import { changeInterval, changeP, type SpannedGap } from "./gap-change.ts";
import { type Furthest, gapCorrelation } from "./gap-correlation.ts";
import type { PartName, Version } from "./outcomes.ts";
import { type RateName, rateNames } from "./threshold/replicates.ts";

/** The gaps told: each a name, and the rates it is made of. */
export const gaps = [
  { metric: "demographic-parity-difference", rates: ["selection-rate"] },
  { metric: "equalized-odds-difference", rates: ["true-positive-rate", "false-positive-rate"] },
  { metric: "true-positive-rate-difference", rates: ["true-positive-rate"] },
  { metric: "false-positive-rate-difference", rates: ["false-positive-rate"] },
  { metric: "accuracy-difference", rates: ["accuracy"] },
] as const satisfies readonly { readonly metric: string; readonly rates: readonly RateName[] }[];
export type Gap = (typeof gaps)[number];

/** The gap that a constraint speaks of. */
export const gapOfConstraint = {
  "demographic-parity": "demographic-parity-difference",
  "equalized-odds": "equalized-odds-difference",
  "false-positive-rate-parity": "false-positive-rate-difference",
  "true-positive-rate-parity": "true-positive-rate-difference",
} as const;

export interface GapContext {
  readonly evidence: Evidence;
  readonly by: readonly string[];
  /** Groups that are known. */
  readonly known: readonly number[];
  readonly minCount: number;
}

/** Groups with enough rows in this part and the rate defined. */
export function eligibleFor(rate: Told, part: PartName, { evidence, known, minCount }: GapContext): number[] {
  const metric = toldMetric(rate);
  return known.filter((group) => {
    const { counts } = confusionsAt({ part, version: "before", groups: [group] }, evidence);
    const rows = counts.tp + counts.fp + counts.fn + counts.tn;
    return rows >= Math.max(1, minCount) && !Number.isNaN(metric.formula(counts));
  });
}

/** A gap of one version on held-out rows or on those learned from. */
export interface FoundGap extends SpannedGap {
  readonly n: number;
  readonly furthest: Furthest;
  readonly method: string;
}

interface Span {
  readonly name: RateName;
  readonly groups: readonly number[];
  readonly rates: readonly Rate[];
}

/** The gap, with its simultaneous interval at any level; a reason where fewer than two groups have it. */
export function findGap(gap: Gap, part: PartName, version: Version, context: GapContext): FoundGap | string {
  const { evidence, minCount } = context;
  const spans = gap.rates.map((name): Span => {
    const groups = eligibleFor(name, part, context);
    return {
      name,
      groups,
      rates: groups.map((group) => rateAt(toldMetric(name), { part, version, groups: [group] }, evidence)),
    };
  });
  const thin = spans.find(({ groups }) => groups.length < 2);
  if (thin) return `fewer than two groups have ${minCount > 0 ? `${minCount} rows and ` : ""}a defined ${thin.name}`;
  const ends = spans.map(endsOf).reduce((most, one) => (one.value > most.value ? one : most));
  const band = bandOf(spans, version, evidence);
  // Rates of different rows: each interval at the square root of the level, so that both hold at once.
  const level = (confidence: number): number => (spans.length === 2 ? Math.sqrt(confidence) : confidence);
  const tukey = (confidence: number): GapInterval => {
    const intervals = spans.map((span) => intervalAt(span, simultaneousCritical(level(confidence), span.rates.length)));
    const alone = criticalValue(confidence);
    return {
      low: Math.max(...intervals.map(({ low }) => low)),
      high: Math.max(...intervals.map(({ high }) => high)),
      ceiling: Math.max(...spans.map((span) => intervalAt(span, alone).high)),
    };
  };
  return {
    value: ends.value,
    furthest: ends,
    n: spans.reduce((sum, { rates }) => rates.reduce((rows, { estimate }) => rows + estimate.n, sum), 0),
    method: band === null ? "tukey-mover" : "relearned-max-t",
    at: (confidence) => {
      const { low, high, ceiling } = band === null ? tukey(confidence) : band.at(confidence);
      const above = (end: number): number => Math.min(1, Math.max(ends.value, end));
      return { low: Math.min(ends.value, low), high: above(high), ceiling: above(ceiling) };
    },
  };
}

/** max − min of a rate, and whose. */
function endsOf({ name, groups, rates }: Span): Furthest & { readonly value: number } {
  const values = rates.map(({ estimate }) => estimate.value);
  const [most, least] = [Math.max(...values), Math.min(...values)];
  return {
    rate: name,
    value: most - least,
    most: groups[values.indexOf(most)] ?? 0,
    least: groups[values.indexOf(least)] ?? 0,
  };
}

function intervalAt({ rates }: Span, critical: number): Interval {
  return rangeDifferenceInterval(
    rates.map(({ estimate }) => ({ value: estimate.value, ...estimate.interval(critical) })),
  );
}

/** The band over the groups that have all of the rates, from replicates; null where none are of this version. */
function bandOf(spans: readonly Span[], version: Version, evidence: Evidence) {
  const { relearned } = evidence;
  if (relearned === null || !movesAgain(version, evidence)) return null;
  const [first, ...others] = spans;
  const groups = (first?.groups ?? []).filter((group) => others.every((span) => span.groups.includes(group)));
  const estimates: number[][] = [];
  for (const { name, groups: own, rates } of spans) {
    for (const [index, group] of own.entries()) {
      const row = estimates[group] ?? [];
      row[rateNames.indexOf(name)] = rates[index]?.estimate.value ?? 0;
      estimates[group] = row;
    }
  }
  const names = spans.map(({ name }) => name);
  return gapBand(relearned, versionPlaces[version], estimates, groups, names);
}

/** A gap of one version on one part as a measure: with its simultaneous interval where the rows are held out. */
export function gapMeasure(
  { metric }: Gap,
  found: FoundGap | string,
  part: PartName,
  version: Version,
  { by, evidence: { confidence } }: GapContext,
): Measure {
  const about = { metric, by: [...by], split: part, version };
  if (typeof found === "string") return { ...about, value: null, reason: found };
  const { value, n, method } = found;
  if (part === "train") return { ...about, value, n };
  const { low, high } = found.at(confidence);
  return { ...about, value, low, high, confidence, n, method };
}

/** How a gap changes from before to after on held-out rows: interval and p of one kind, which agree with those of the two gaps. */
export function gapChange(
  { metric }: Gap,
  before: FoundGap | string,
  after: FoundGap | string,
  { by, evidence }: GapContext,
): Measure {
  const about = { metric: `${metric}-change`, by: [...by] };
  if (typeof before === "string" || typeof after === "string") {
    return { ...about, value: null, reason: typeof after === "string" ? after : String(before) };
  }
  const { confidence, relearned, outcomes } = evidence;
  const correlation = gapCorrelation(before.furthest, after.furthest, outcomes, relearned);
  const p = changeP(before, after, correlation, relearned?.replicates ?? null);
  const measure: Measure = {
    ...about,
    value: after.value - before.value,
    ...changeInterval(before, after, correlation, confidence),
    confidence,
    n: after.n,
    method: "paired-mover",
  };
  return { ...heldMeasure(measure, p, 0), p };
}
