import type { Corner } from "./hull.ts";
import { between, type Mixture } from "./mixture.ts";
import type { Constraint, Curve, Problem, Solution, Worth } from "./problem.ts";

/** The best worth of a group at each value of the constrained rate: concave, linear between knots. */
interface Profile {
  readonly rates: readonly number[];
  readonly worths: readonly number[];
  readonly corners: readonly Corner[];
  /** The knots between which the worth is greatest: one knot, or two with a level stretch between them. */
  readonly first: number;
  readonly last: number;
}

type OneRate = Exclude<Constraint, "equalized-odds">;

/**
 * The best rule under a constraint on one rate, exactly. Each group's best worth is a concave piecewise linear function
 * of its rate, and the rates must lie in a window [c, c + tolerance]: the best worth at c is concave in c, and its slope
 * changes at the groups' knots alone, so that one sweep over the sorted knots finds where it turns negative.
 */
export function solveOneRate(problem: Problem & { readonly constraint: OneRate }): Solution {
  const { curves, pooled, constraint, worth } = problem;
  const tolerance = Math.min(1, problem.tolerance);
  const profiles = curves.map((curve) => profileOf(curve, constraint, worth));
  const low = bestWindow(profiles, tolerance);
  return {
    rules: profiles.map((profile) => ruleIn(profile, low, low + tolerance)),
    pooled: ruleIn(profileOf(pooled, constraint, worth), low, low + tolerance),
  };
}

function profileOf({ hull, positive, negative }: Curve, constraint: OneRate, worth: Worth): Profile {
  const rates: number[] = [];
  const worths: number[] = [];
  const corners: Corner[] = [];
  for (const corner of hull) {
    const rate = rateOf(corner, positive, negative, constraint);
    const value = worth.positive * corner.positive - worth.negative * corner.negative;
    const last = rates.length - 1;
    if (last >= 0 && rate <= (rates[last] ?? 0)) {
      // Corners of one rate, on an upright or a level side of the hull: the better one.
      if (value <= (worths[last] ?? 0)) continue;
      rates.pop();
      worths.pop();
      corners.pop();
    }
    rates.push(rate);
    worths.push(value);
    corners.push(corner);
  }
  const best = worths.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  return { rates, worths, corners, first: worths.indexOf(best), last: worths.lastIndexOf(best) };
}

function rateOf(corner: Corner, positive: number, negative: number, constraint: OneRate): number {
  switch (constraint) {
    case "demographic-parity":
      return (corner.positive + corner.negative) / (positive + negative);
    case "true-positive-rate-parity":
      return corner.positive / positive;
    case "false-positive-rate-parity":
      return corner.negative / negative;
  }
}

/** The lower end c of the best window [c, c + width]: the first where the slope of the whole worth is no longer positive. */
function bestWindow(profiles: readonly Profile[], width: number): number {
  const turns: { readonly at: number; readonly fall: number }[] = [];
  let slope = 0;
  const slopeAt = ({ rates, worths }: Profile, knot: number): number =>
    ((worths[knot + 1] ?? 0) - (worths[knot] ?? 0)) / ((rates[knot + 1] ?? 1) - (rates[knot] ?? 0));
  for (const profile of profiles) {
    const { rates, first, last } = profile;
    // Below its best stretch a group takes the window's upper end, above it the lower one, and within it neither matters.
    let before = 0;
    for (let knot = first - 1; knot >= 0; knot--) {
      const rise = slopeAt(profile, knot);
      turns.push({ at: (rates[knot + 1] ?? 0) - width, fall: rise - before });
      before = rise;
    }
    slope += before;
    before = 0;
    for (let knot = last; knot < rates.length - 1; knot++) {
      const drop = slopeAt(profile, knot);
      turns.push({ at: rates[knot] ?? 0, fall: before - drop });
      before = drop;
    }
  }
  turns.sort((a, b) => a.at - b.at || a.fall - b.fall);
  const most = 1 - width;
  if (!(slope > 0)) return 0;
  for (const { at, fall } of turns) {
    slope -= fall;
    if (slope <= 0 || at >= most) return Math.min(most, Math.max(0, at));
  }
  return most;
}

/** The group's best rule whose rate lies in the window. */
function ruleIn({ rates, corners, first, last }: Profile, low: number, high: number): Mixture {
  const least = rates[first] ?? 0;
  const most = rates[last] ?? 0;
  const rate = least > high ? high : most < low ? low : Math.max(least, low);
  return at(rates, corners, rate);
}

function at(rates: readonly number[], corners: readonly Corner[], rate: number): Mixture {
  let above = 1;
  while (above < rates.length - 1 && (rates[above] ?? 1) < rate) above++;
  const from = corners[above - 1];
  const to = corners[above];
  if (!from) return [];
  if (!to) return between(from, from, 0);
  const start = rates[above - 1] ?? 0;
  return between(from, to, (rate - start) / ((rates[above] ?? 1) - start));
}
