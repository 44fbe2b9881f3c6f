import type { Measure } from "@assay/schema";
import { heldMeasure } from "../../held-measure.ts";
import { rangeDifferenceInterval, simultaneousCritical } from "../../statistics/index.ts";
import { type GapBand, gapBand } from "./band.ts";
import { confusionsAt, type Evidence, type Rate, rateAt, type Told, toldMetric } from "./estimates.ts";
import type { PartName, Version } from "./outcomes.ts";
import type { Draws, RateName } from "./threshold/replicates.ts";

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

/** A gap of one version on one part: with its simultaneous interval where the rows are held out. */
export function gapAt(gap: Gap, part: PartName, version: Version, context: GapContext, band: GapBand | null): Measure {
  const { evidence, by, minCount } = context;
  const { confidence } = evidence;
  const about = { metric: gap.metric, by: [...by], split: part, version };
  // Rates of different rows: each interval at the square root of the level, so that both hold at once.
  const level = gap.rates.length === 2 ? Math.sqrt(confidence) : confidence;
  const spans = gap.rates.map((name) => {
    const rates = eligibleFor(name, part, context).map((group) =>
      rateAt(toldMetric(name), { part, version, groups: [group] }, evidence),
    );
    return { name, rates, ...spanOf(rates, part === "test" ? level : null) };
  });
  const thin = spans.find(({ rates }) => rates.length < 2);
  if (thin) {
    const reason = `fewer than two groups have ${minCount > 0 ? `${minCount} rows and ` : ""}a defined ${thin.name}`;
    return { ...about, value: null, reason };
  }
  const value = Math.max(...spans.map((span) => span.value));
  const n = spans.reduce((sum, span) => sum + span.n, 0);
  if (part === "train") return { ...about, value, n };
  const relearned = band !== null && evidence.relearned !== null && (version === "after" || evidence.learnsBefore);
  const low = relearned ? band[version].low : Math.max(...spans.map((span) => span.low));
  const high = relearned ? band[version].high : Math.max(...spans.map((span) => span.high));
  return {
    ...about,
    value,
    low: Math.min(value, low),
    high: Math.min(1, Math.max(value, high)),
    confidence,
    n,
    method: relearned ? "relearned-max-t" : "tukey-mover",
  };
}

/** max − min of rates, with its simultaneous interval at a level; null asks for none. */
function spanOf(rates: readonly Rate[], level: number | null) {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  let n = 0;
  for (const { estimate } of rates) {
    least = Math.min(least, estimate.value);
    most = Math.max(most, estimate.value);
    n += estimate.n;
  }
  if (level === null || rates.length < 2) return { value: most - least, low: 0, high: 1, n };
  const critical = simultaneousCritical(level, rates.length);
  const bounded = rates.map(({ estimate }) => ({ value: estimate.value, ...estimate.interval(critical) }));
  return { value: most - least, ...rangeDifferenceInterval(bounded), n };
}

/** The band of a gap over the groups that have all of its rates; null where there are no replicates of it. */
export function bandOf(gap: Gap, draws: Draws | null, context: GapContext): GapBand | null {
  if (draws === null) return null;
  const { evidence } = context;
  const sets = gap.rates.map((name) => eligibleFor(name, "test", context));
  const groups = (sets[0] ?? []).filter((group) => sets.every((set) => set.includes(group)));
  const estimates = (["before", "after"] as const).map((version) =>
    Array.from({ length: evidence.groups }, (_, group) =>
      groups.includes(group)
        ? (["selection-rate", "true-positive-rate", "false-positive-rate", "accuracy"] as const).map(
            (name) =>
              rateAt(toldMetric(name), { part: "test", version, groups: [group] }, { ...evidence, relearned: null })
                .estimate.value,
          )
        : [],
    ),
  );
  return gapBand(draws, estimates, groups, gap.rates, evidence.confidence);
}

/** How a gap changes from before to after on held-out rows. */
export function gapChange(gap: Gap, context: GapContext, band: GapBand | null, why: string): Measure {
  const before = gapAt(gap, "test", "before", context, null);
  const after = gapAt(gap, "test", "after", context, null);
  const about = { metric: `${gap.metric}-change`, by: [...context.by] };
  if (before.value === null || after.value === null) {
    return { ...about, value: null, reason: after.reason ?? before.reason ?? "not defined" };
  }
  const value = after.value - before.value;
  const n = { n: after.n ?? 0 };
  if (band === null) return { ...about, value, ...n, reason: why };
  const measure: Measure = {
    ...about,
    value,
    low: Math.min(value, band.change.low),
    high: Math.max(value, band.change.high),
    confidence: context.evidence.confidence,
    ...n,
    method: "paired-max-t",
  };
  return { ...heldMeasure(measure, band.p, 0), p: band.p };
}
