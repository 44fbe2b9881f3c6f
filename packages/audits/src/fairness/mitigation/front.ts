import type { Measure } from "@assay/schema";
import { rateAt, toldMetric } from "./estimates.ts";
import { findGap, type Gap, type GapContext, gapMeasure, gapOfConstraint, gaps } from "./gaps.ts";
import type { OutcomeTable, Version } from "./outcomes.ts";
import type { MitigationInput } from "./settings.ts";

/** A point of the front: what a tolerance gives on held-out rows. */
export interface FrontPoint {
  readonly tolerance: number;
  readonly gap: Measure;
  readonly worth: Measure;
}

/** What tolerances give, and what is compared with them. */
export interface Front {
  readonly points: readonly FrontPoint[];
  readonly before: FrontPoint;
  /** The same learner without the constraint; null where that is before. */
  readonly unconstrained: FrontPoint | null;
}

/** Whether another point has a gap as small and an objective as great, and one of them better. */
export function isDominated(point: FrontPoint, others: readonly FrontPoint[]): boolean {
  const [gap, worth] = [point.gap.value ?? 1, point.worth.value ?? 0];
  return others.some((other) => {
    const [otherGap, otherWorth] = [other.gap.value ?? 1, other.worth.value ?? 0];
    return otherGap <= gap && otherWorth >= worth && (otherGap < gap || otherWorth > worth);
  });
}

function gapNamed(metric: string): Gap {
  const gap = gaps.find((one) => one.metric === metric);
  if (!gap) throw new Error(`no gap ${metric}`);
  return gap;
}

/** Gap and objective of one table of outcomes, on held-out rows, with intervals of the rule as it was learned. */
export function frontPoint(
  tolerance: number,
  outcomes: OutcomeTable,
  input: MitigationInput,
  context: GapContext,
  version: Version = "after",
): FrontPoint {
  const evidence = { ...context.evidence, outcomes, relearned: null };
  const gap = gapNamed(gapOfConstraint[input.constraint]);
  const fixed = { ...context, evidence };
  const metric = toldMetric(input.objective);
  const groups = Array.from({ length: evidence.groups }, (_, group) => group);
  const rate = rateAt(metric, { part: "test", version, groups }, evidence);
  return {
    tolerance,
    gap: gapMeasure(gap, findGap(gap, "test", version, fixed), "test", version, fixed),
    worth: {
      metric: metric.name,
      value: Number.isNaN(rate.estimate.value) ? null : rate.estimate.value,
      ...(rate.interval ? { low: rate.interval.low, high: rate.interval.high } : {}),
      ...(Number.isNaN(rate.estimate.value) ? { reason: metric.undefinedReason } : {}),
    },
  };
}

/** Tolerances from 0 to the gap that is there without a constraint, evenly. */
export function tolerancesTo(widest: number, points: number): number[] {
  if (points <= 0) return [];
  if (points === 1 || !(widest > 0)) return [0];
  return Array.from({ length: points }, (_, index) => (widest * index) / (points - 1));
}
