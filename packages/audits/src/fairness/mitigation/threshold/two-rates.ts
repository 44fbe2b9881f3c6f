import { peakOf, type Tangent } from "./concave.ts";
import type { Corner } from "./hull.ts";
import { between, type Mixture, tidy } from "./mixture.ts";
import type { Curve, Problem, Solution, Worth } from "./problem.ts";

/** A group's hull as a concave function of the false-positive rate, from 0 to 1. */
interface Roc {
  /** False- and true-positive rates at the knots; both rise. */
  readonly fpr: readonly number[];
  readonly tpr: readonly number[];
  readonly corners: readonly Corner[];
  readonly nobody: Corner;
  readonly everybody: Corner;
  /** What a whole rate of either kind is worth. */
  readonly gain: number;
  readonly cost: number;
  /** The false-positive rate at which the worth is greatest, the least where there are several. */
  readonly best: number;
}

/**
 * The best rule under equalized odds, exactly: every group's false-positive rate lies in a window [F, F + tolerance], its
 * true-positive rate in [T, T + tolerance]. A group's best worth is concave and piecewise linear in (F, T), and so is their
 * sum: its peak is found by tangents, over T within each F. Without tolerance this is the best point under all hulls.
 * M. Hardt, E. Price and N. Srebro, NeurIPS 29 (2016), arXiv:1610.02413.
 */
export function solveTwoRates(problem: Problem): Solution {
  const width = Math.min(1, problem.tolerance);
  const rocs = problem.curves.map((curve) => rocOf(curve, problem.worth));
  const within = (f: number): ReturnType<typeof peakOf> & { readonly ceiling: number } => {
    const far = Math.min(1, f + width);
    let lowest = Number.POSITIVE_INFINITY;
    let ceiling = 0;
    for (const [index, roc] of rocs.entries()) {
      const height = heightAt(roc, far);
      if (height < lowest) {
        lowest = height;
        ceiling = index;
      }
    }
    const top = Math.min(1 - width, lowest);
    const bottom = Math.min(top, Math.max(0, f - width));
    return { ...peakOf(bottom, top, (t) => worthAt(rocs, f, t, width)), ceiling };
  };
  const outer = peakOf(0, 1 - width, (f): Tangent => {
    const { at, value, along, end, slope, ceiling } = within(f);
    // The end of T's range moves with F: what the peak would gain beyond it counts as it moves.
    const roc = rocs[ceiling];
    const far = Math.min(1, f + width);
    let moving = 0;
    if (end === "high" && roc && at < 1 - width) moving = slope * slopeAt(roc, far);
    if (end === "low" && at > 0) moving = slope;
    return { at: f, value, slope: along + moving, along: 0 };
  });
  const f = outer.at;
  const t = within(f).at;
  return {
    rules: rocs.map((roc) => ruleAt(roc, pointIn(roc, f, t, width))),
    pooled: ruleAt(rocOf(problem.pooled, problem.worth), pointIn(rocOf(problem.pooled, problem.worth), f, t, width)),
  };
}

function rocOf({ hull, positive, negative }: Curve, worth: Worth): Roc {
  const fpr: number[] = [];
  const tpr: number[] = [];
  const corners: Corner[] = [];
  const gain = worth.positive * positive;
  const cost = worth.negative * negative;
  let best = 0;
  let most = Number.NEGATIVE_INFINITY;
  for (const corner of hull) {
    const x = negative > 0 ? corner.negative / negative : 0;
    const y = positive > 0 ? corner.positive / positive : 0;
    // Straight up from nobody: the upper end is the function's value.
    if (fpr.length > 0 && x <= (fpr[fpr.length - 1] ?? 0)) {
      fpr.pop();
      tpr.pop();
      corners.pop();
    }
    fpr.push(x);
    tpr.push(y);
    corners.push(corner);
    if (gain * y - cost * x > most) {
      most = gain * y - cost * x;
      best = x;
    }
  }
  const nobody = hull[0] ?? { threshold: Number.POSITIVE_INFINITY, positive: 0, negative: 0 };
  return { fpr, tpr, corners, nobody, everybody: hull[hull.length - 1] ?? nobody, gain, cost, best };
}

/** The knot at or before a place in a rising list; never the last, so that a side follows it. */
function knotBefore(values: readonly number[], at: number): number {
  let low = 0;
  let high = Math.max(0, values.length - 2);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((values[middle] ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}

function slopeOf({ fpr, tpr }: Roc, knot: number): number {
  return ((tpr[knot + 1] ?? 1) - (tpr[knot] ?? 0)) / ((fpr[knot + 1] ?? 1) - (fpr[knot] ?? 0));
}

function heightAt(roc: Roc, f: number): number {
  if (f >= 1) return 1;
  const knot = knotBefore(roc.fpr, f);
  return Math.min(1, (roc.tpr[knot] ?? 0) + (f - (roc.fpr[knot] ?? 0)) * slopeOf(roc, knot));
}

function slopeAt(roc: Roc, f: number): number {
  return slopeOf(roc, knotBefore(roc.fpr, f));
}

/** The least false-positive rate at which the hull is as high as t, and 1 / slope of the side that leads up to it. */
function reach(roc: Roc, t: number): { readonly f: number; readonly pace: number } {
  const { fpr, tpr } = roc;
  if (t <= (tpr[0] ?? 0)) return { f: 0, pace: 0 };
  let low = 1;
  let high = tpr.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((tpr[middle] ?? 1) >= t) high = middle;
    else low = middle + 1;
  }
  const slope = slopeOf(roc, low - 1);
  const f = Math.min(fpr[low] ?? 1, (fpr[low - 1] ?? 0) + (t - (tpr[low - 1] ?? 0)) / slope);
  return { f, pace: 1 / slope };
}

/** A group's best point in the box [f, f + width] × [t, t + width], and what the worth gains as the box moves. */
function pointIn(
  roc: Roc,
  f: number,
  t: number,
  width: number,
): { readonly f: number; readonly t: number; readonly byF: number; readonly byT: number } {
  const { gain, cost, best } = roc;
  const far = Math.min(1, f + width);
  const top = Math.min(1, t + width);
  const toTop = reach(roc, top);
  const toBottom = reach(roc, t);
  const peak = Math.min(best, toTop.f);
  const least = Math.max(f, toBottom.f);
  if (peak < least) {
    if (f >= toBottom.f) {
      const height = heightAt(roc, f);
      return height <= top
        ? { f, t: height, byF: gain * slopeAt(roc, f) - cost, byT: 0 }
        : { f, t: top, byF: -cost, byT: gain };
    }
    const at = Math.min(far, toBottom.f);
    return { f: at, t: Math.min(top, heightAt(roc, at)), byF: 0, byT: gain - cost * toBottom.pace };
  }
  if (peak > far) return { f: far, t: heightAt(roc, far), byF: gain * slopeAt(roc, far) - cost, byT: 0 };
  if (best <= toTop.f) {
    return { f: best, t: Math.min(top, heightAt(roc, best)), byF: 0, byT: 0 };
  }
  return { f: toTop.f, t: top, byF: 0, byT: gain - cost * toTop.pace };
}

function worthAt(rocs: readonly Roc[], f: number, t: number, width: number): Tangent {
  let value = 0;
  let slope = 0;
  let along = 0;
  for (const roc of rocs) {
    const point = pointIn(roc, f, t, width);
    value += roc.gain * point.t - roc.cost * point.f;
    slope += point.byT;
    along += point.byF;
  }
  return { at: t, value, slope, along };
}

/** A point on a hull, or below it: there the rule on the hull is mixed with one that does not look at the score. */
function ruleAt(roc: Roc, point: { readonly f: number; readonly t: number }): Mixture {
  const { fpr, corners, nobody, everybody } = roc;
  const knot = knotBefore(fpr, point.f);
  const from = corners[knot];
  if (!from) return [];
  const start = fpr[knot] ?? 0;
  const to = corners[knot + 1] ?? from;
  const onHull = between(from, to, (point.f - start) / ((fpr[knot + 1] ?? 1) - start));
  const height = heightAt(roc, point.f);
  const drop = height - point.t;
  if (!(drop > 1e-15) || height <= point.f) return tidy(onHull);
  const blind = Math.min(1, drop / (height - point.f));
  return tidy([
    ...onHull.map((part) => ({ ...part, probability: part.probability * (1 - blind) })),
    { corner: nobody, probability: blind * (1 - point.f) },
    { corner: everybody, probability: blind * point.f },
  ]);
}
