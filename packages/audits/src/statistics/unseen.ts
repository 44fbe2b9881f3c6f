import { exp, log } from "@assay/compute";
import type { Interval } from "./interval.ts";

/**
 * The interval of a mean that every row gives alike: they say nothing of spread, and a share 1 − (α/2)^(1/n) of other rows, that
 * lie at an end of the range, may be unseen.
 */
export function unseenInterval(
  value: number,
  rows: number,
  confidence: number,
  floor: number,
  ceiling: number,
): Interval {
  const unseen = 1 - exp(log((1 - confidence) / 2) / rows);
  return { low: value - unseen * (value - floor), high: value + unseen * (ceiling - value) };
}

/** Two-sided p of no difference where every row moves by the same: the sign test's, 2 · ½ⁿ; 1 where none moves. */
export function unseenP(value: number, rows: number): number {
  return value === 0 ? 1 : Math.min(1, 2 * 0.5 ** rows);
}
