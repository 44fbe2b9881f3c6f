import type { Corner } from "./hull.ts";
import type { Mixture } from "./mixture.ts";

export const constraints = [
  "demographic-parity",
  "equalized-odds",
  "false-positive-rate-parity",
  "true-positive-rate-parity",
] as const;
export type Constraint = (typeof constraints)[number];

/** What accepting a row of either label is worth: a · (accepted positives) − b · (accepted negatives) is maximised. */
export interface Worth {
  readonly positive: number;
  readonly negative: number;
}

/** One group of a problem: its hull, last corner everybody. */
export interface Curve {
  readonly hull: readonly Corner[];
  /** Σw of its rows of either label. */
  readonly positive: number;
  readonly negative: number;
}

export interface Problem {
  readonly curves: readonly Curve[];
  /** All rows together: what groups of their own curve have none of is decided by. */
  readonly pooled: Curve;
  readonly constraint: Constraint;
  /** Greatest gap allowed between any two groups, 0 to 1. */
  readonly tolerance: number;
  readonly worth: Worth;
}

export interface Solution {
  /** One per curve. */
  readonly rules: readonly Mixture[];
  readonly pooled: Mixture;
}

export function curveOf(hull: readonly Corner[]): Curve {
  const all = hull[hull.length - 1];
  return { hull, positive: all?.positive ?? 0, negative: all?.negative ?? 0 };
}

/** Whether the rates that a constraint speaks of are defined in a group. */
export function isBound({ positive, negative }: Curve, constraint: Constraint): boolean {
  switch (constraint) {
    case "demographic-parity":
      return positive + negative > 0;
    case "true-positive-rate-parity":
      return positive > 0;
    case "false-positive-rate-parity":
      return negative > 0;
    case "equalized-odds":
      return positive > 0 && negative > 0;
  }
}
