import type { Measure } from "@assay/schema";
import { type Estimate, estimate } from "../../groups/estimate.ts";
import type { Confusions } from "../../groups/groups.ts";
import { type Metric, metricNamed } from "../../metrics/index.ts";
import { intervalMethods } from "../../metrics/interval-methods.ts";
import { criticalValue, type Interval, wilsonAt } from "../../statistics/index.ts";
import { errorOf } from "./band.ts";
import { confusionOf, type OutcomeTable, type PartName, type Version } from "./outcomes.ts";
import { type Draws, rateNames, type VersionPlace } from "./threshold/replicates.ts";

/** The metrics told of every group, before and after. */
export const told = [
  "accuracy",
  "balanced-accuracy",
  "base-rate",
  "count",
  "false-positive-rate",
  "selection-rate",
  "true-positive-rate",
] as const;
export type Told = (typeof told)[number];

export function toldMetric(name: Told): Metric {
  const metric = metricNamed(name);
  if (!metric) throw new Error(`no metric ${name}`);
  return metric;
}

/** A metric of a group, with its interval on held-out rows; none on the rows that were learned from. */
export interface Rate {
  readonly estimate: Estimate;
  readonly interval: Interval | null;
  readonly method: string | null;
}

export interface Where {
  readonly part: PartName;
  readonly version: Version;
  /** Places of the groups it is about; all of them make the overall. */
  readonly groups: readonly number[];
}

/** Where a version stands in replicates. */
export const versionPlaces = { before: 0, after: 1, unconstrained: 2 } as const satisfies Record<Version, VersionPlace>;

/** Everything that intervals come from. */
export interface Evidence {
  readonly outcomes: OutcomeTable;
  /** What rules without the constraint do, as its decisions after; null where there are none. */
  readonly unconstrained: OutcomeTable | null;
  readonly groups: number;
  readonly confidence: number;
  /** Replicates in which the rules themselves were learned anew; null where they were not. */
  readonly relearned: Draws | null;
  /** Whether decisions before are learned from the rows, too. */
  readonly learnsBefore: boolean;
}

export function confusionsAt({ part, version, groups }: Where, { outcomes, unconstrained }: Evidence): Confusions {
  return version === "unconstrained"
    ? confusionOf(unconstrained ?? outcomes, groups, part, "after")
    : confusionOf(outcomes, groups, part, version);
}

/** Whether the decisions of a version are learned anew in every replicate. */
export function movesAgain(version: Version, { relearned, learnsBefore }: Evidence): boolean {
  return relearned !== null && (version !== "before" || learnsBefore);
}

/**
 * A rate on held-out rows. Where rules are learned anew in every replicate, its interval is Wilson's at the number of rows
 * that would spread as the replicates do: never past 0 or 1, and wider than that of the rule as it was learned.
 */
export function rateAt(metric: Metric, where: Where, evidence: Evidence): Rate {
  const cells = confusionsAt(where, evidence);
  const one = estimate(metric, cells);
  const { confidence, relearned, groups } = evidence;
  if (Number.isNaN(one.value) || metric.shape.kind === "count" || where.part === "train") {
    return { estimate: one, interval: null, method: null };
  }
  const z = criticalValue(confidence);
  const plain = one.interval(z);
  const methods = intervalMethods[metric.name];
  const method = (cells.weights ? methods?.weighted : methods?.value) ?? "wilson";
  const rate = (rateNames as readonly string[]).indexOf(metric.name);
  if (relearned === null || !movesAgain(where.version, evidence) || rate < 0)
    return { estimate: one, interval: plain, method };
  const single = where.groups.length === 1 ? (where.groups[0] ?? 0) : groups;
  const group = where.groups.length === groups && groups > 1 ? groups : single;
  const error = errorOf(relearned, group, versionPlaces[where.version], rate);
  if (!(error > 0)) return { estimate: one, interval: plain, method };
  const share = (one.value * one.n + 0.5) / (one.n + 1);
  const n = (share * (1 - share)) / error ** 2;
  const { low, high } = wilsonAt(one.value * n, n, z);
  return {
    estimate: { ...one, interval: (at) => wilsonAt(one.value * n, n, at) },
    interval: { low: Math.min(low, one.value), high: Math.max(high, one.value) },
    method: "relearned-wilson",
  };
}

export function measureOf(
  metric: Metric,
  rate: Rate,
  place: Pick<Measure, "by" | "group">,
  where: Where,
  confidence: number,
): Measure {
  const about = { metric: metric.name, ...place, split: where.part, version: where.version };
  if (Number.isNaN(rate.estimate.value)) {
    return { ...about, value: null, n: rate.estimate.n, reason: metric.undefinedReason };
  }
  return {
    ...about,
    value: rate.estimate.value,
    ...(rate.interval ? { low: rate.interval.low, high: rate.interval.high, confidence } : {}),
    n: rate.estimate.n,
    ...(rate.method ? { method: rate.method } : {}),
  };
}
