import type { Measure } from "@assay/schema";
import { holdNull } from "./statistics/index.ts";

/** What "no difference" is: 0 of a difference, 1 of a ratio. */
export type Nothing = 0 | 1;

/** Another hypothesis than `Nothing`, and from which side the interval still reaches `Nothing` where the test does not reject. */
export interface OtherHypothesis {
  readonly of: string;
  readonly side: "above" | "below" | "none";
}

const noWorse = { of: "no worse than the rest, one-sided", side: "above" } as const;

/**
 * The measures whose p value is of another hypothesis than the one value `Nothing` that their interval is held to. Of all others the
 * interval holds what the test does not reject.
 */
export const otherHypotheses: Readonly<Record<string, OtherHypothesis>> = {
  "error-rate-difference-to-rest": noWorse,
  "false-negative-rate-difference-to-rest": noWorse,
  "false-positive-rate-difference-to-rest": noWorse,
  ndkl: { of: "groups dealt over the places of their lists by chance, where the divergence is above 0", side: "none" },
  "permutation-importance": { of: "the score does not drop, one-sided", side: "above" },
  "selection-rate-difference-to-rest": { of: "selected as often as the rest, one-sided", side: "below" },
};

/** The measure, its interval holding `nothing` where a test of that hypothesis does not reject; its method then says so. */
export function heldMeasure(measure: Measure, p: number | null | undefined, nothing: Nothing): Measure {
  const { low, high, confidence, method } = measure;
  if (p === null || p === undefined || low === undefined || high === undefined || confidence === undefined)
    return measure;
  const interval = holdNull({ low, high }, nothing, p, confidence);
  if (interval.low === low && interval.high === high) return measure;
  return { ...measure, ...interval, method: `${method === undefined ? "" : `${method}, `}${nothing} held` };
}
