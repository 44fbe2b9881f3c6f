import type { Measure } from "@assay/schema";
import { rateAt, toldMetric } from "./estimates.ts";
import { type Gap, type GapContext, gapAt, gapOfConstraint, gaps } from "./gaps.ts";
import type { OutcomeTable } from "./outcomes.ts";
import type { MitigationInput } from "./settings.ts";

/** A point of the front: what a tolerance gives on held-out rows. */
export interface FrontPoint {
  readonly tolerance: number;
  readonly gap: Measure;
  readonly worth: Measure;
}

export function gapNamed(metric: string): Gap {
  const gap = gaps.find((one) => one.metric === metric);
  if (!gap) throw new Error(`no gap ${metric}`);
  return gap;
}

/** Gap and objective of one table of outcomes, on held-out rows. */
export function frontPoint(
  tolerance: number,
  outcomes: OutcomeTable,
  input: MitigationInput,
  context: GapContext,
  version: "after" | "before" = "after",
): FrontPoint {
  const evidence = { ...context.evidence, outcomes, relearned: null };
  const gap = gapAt(gapNamed(gapOfConstraint[input.constraint]), "test", version, { ...context, evidence }, null);
  const metric = toldMetric(input.objective);
  const groups = Array.from({ length: evidence.groups }, (_, group) => group);
  const rate = rateAt(metric, { part: "test", version, groups }, evidence);
  return {
    tolerance,
    gap,
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
