import type { Measure } from "@assay/schema";
import type { Metric } from "../../metrics/index.ts";
import { type Eligible, oddsOf, spanOf } from "../group-metrics/disparity.ts";
import { type GapBand, gapBand } from "./band.ts";
import { confusionsAt, type Evidence, rateAt, type Told, toldMetric } from "./estimates.ts";
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
  const about = { by: [...by], split: part, version };
  const eligible = (name: RateName): readonly Eligible[] =>
    eligibleFor(name, part, context).map((group): Eligible => {
      const { estimate } = rateAt(toldMetric(name), { part, version, groups: [group] }, evidence);
      return { one: { group: noGroup, of: new Map() }, estimate };
    });
  const { confidence } = evidence;
  let found: Measure;
  if (gap.rates.length === 2) {
    const both = gap.rates.map((name) => toldMetric(name));
    const sets = new Map(gap.rates.map((name): [string, readonly Eligible[]] => [name, eligible(name)]));
    found = oddsOf(both, sets, by, confidence, minCount).difference;
  } else {
    const metric: Metric = toldMetric(gap.rates[0]);
    found = spanOf(metric, eligible(gap.rates[0]), by, confidence, minCount).difference;
  }
  const { low, high, method, ...rest } = found;
  const told = { ...rest, ...about, metric: gap.metric };
  if (found.value === null) return told;
  if (part === "train") {
    const { confidence: _, ...exact } = told;
    return exact;
  }
  const relearned = band !== null && evidence.relearned !== null && (version === "after" || evidence.learnsBefore);
  if (relearned) {
    const ends = band[version];
    return {
      ...told,
      low: Math.min(found.value, ends.low),
      high: Math.max(found.value, ends.high),
      method: "relearned-max-t",
    };
  }
  return { ...told, low: low ?? 0, high: high ?? 1, method: method ?? "tukey-mover" };
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
  return {
    ...about,
    value,
    low: Math.min(value, band.change.low),
    high: Math.max(value, band.change.high),
    confidence: context.evidence.confidence,
    ...n,
    p: band.p,
    method: "paired-max-t",
  };
}

const noGroup = { values: [], rows: 0, known: true, counts: new Float64Array(0), weights: null };
