import { quantile } from "../../statistics/index.ts";
import { type Draws, drawAt, type RateName, rateNames } from "./threshold/replicates.ts";

/** A difference of two groups' rates, or how its size changes: as estimated, and how it spreads over replicates. */
interface Pair {
  readonly value: number;
  readonly error: number;
}

type Span = { readonly low: number; readonly high: number };

/** What max − min of some rates lies between, before and after, and how it changes: all at once. */
export interface GapBand {
  readonly before: Span;
  readonly after: Span;
  readonly change: Span;
  /** Two-sided p of no change of the gap. */
  readonly p: number;
}

/** Groups beyond these have too many pairs. */
export const mostBandGroups = 50;

/**
 * Simultaneous intervals of the greatest gap over groups, from the replicates: the differences of all pairs, of all `rates`
 * and both versions, and the changes of their sizes are covered at once where none strays further from its estimate than the
 * quantile of the greatest |t| of a replicate. Zero is reached wherever groups may be equal. The change of the gap lies
 * between what its two ends allow, and between the least and the greatest change of a pair's size, since
 * min(|aᵢ| − |bᵢ|) ≤ max |aᵢ| − max |bᵢ| ≤ max(|aᵢ| − |bᵢ|). Its p is the level at which it leaves zero.
 * @param estimates version × group × rate
 */
export function gapBand(
  draws: Draws,
  estimates: readonly (readonly (readonly number[])[])[],
  groups: readonly number[],
  rates: readonly RateName[],
  confidence: number,
): GapBand | null {
  if (groups.length < 2 || groups.length > mostBandGroups) return null;
  const places = rates.map((name) => rateNames.indexOf(name));
  const greatest = new Float64Array(draws.replicates);
  const kinds = { before: [] as Pair[], after: [] as Pair[], change: [] as Pair[] };
  const drawn = [new Float64Array(draws.replicates), new Float64Array(draws.replicates)];
  for (const place of places) {
    for (const [position, a] of groups.entries()) {
      for (const b of groups.slice(position + 1)) {
        const values = ([0, 1] as const).map((version) => {
          for (let draw = 0; draw < draws.replicates; draw++) {
            const one = drawAt(draws, draw, a, version, place) - drawAt(draws, draw, b, version, place);
            const into = drawn[version];
            if (into) into[draw] = one;
          }
          return (estimates[version]?.[a]?.[place] ?? 0) - (estimates[version]?.[b]?.[place] ?? 0);
        });
        const [was = 0, is = 0] = values;
        const [before = greatest, after = greatest] = drawn;
        kinds.before.push(spread(was, (draw) => before[draw] ?? 0, greatest));
        kinds.after.push(spread(is, (draw) => after[draw] ?? 0, greatest));
        const change = (draw: number): number => Math.abs(after[draw] ?? 0) - Math.abs(before[draw] ?? 0);
        kinds.change.push(spread(Math.abs(is) - Math.abs(was), change, greatest));
      }
    }
  }
  const at = (critical: number): Omit<GapBand, "p"> => {
    const gap = (pairs: readonly Pair[]): Span => ({
      low: pairs.reduce((most, { value, error }) => Math.max(most, Math.abs(value) - critical * error), 0),
      high: Math.min(
        1,
        pairs.reduce((most, { value, error }) => Math.max(most, Math.abs(value) + critical * error), 0),
      ),
    });
    const [before, after] = [gap(kinds.before), gap(kinds.after)];
    const least = kinds.change.reduce((low, { value, error }) => Math.min(low, value - critical * error), 1);
    const most = kinds.change.reduce((high, { value, error }) => Math.max(high, value + critical * error), -1);
    return {
      before,
      after,
      change: { low: Math.max(after.low - before.high, least), high: Math.min(after.high - before.low, most) },
    };
  };
  const apart = (critical: number): boolean => {
    const { change } = at(critical);
    return change.low > 0 || change.high < 0;
  };
  let p = 1;
  if (apart(0)) {
    let low = 0;
    let high = 64;
    for (let step = 0; step < 50; step++) {
      const middle = (low + high) / 2;
      if (apart(middle)) low = middle;
      else high = middle;
    }
    const beyond = greatest.reduce((sum, t) => (t >= low ? sum + 1 : sum), 0);
    p = (beyond + 1) / (draws.replicates + 1);
  }
  return { ...at(quantile(greatest, confidence)), p };
}

/** The standard error of replicates, whose |t| about the estimate raise the greatest so far. Undefined ones are left out. */
function spread(value: number, drawn: (draw: number) => number, greatest: Float64Array): Pair {
  let sum = 0;
  let squares = 0;
  let defined = 0;
  for (let draw = 0; draw < greatest.length; draw++) {
    const off = drawn(draw) - value;
    if (Number.isNaN(off)) continue;
    sum += off;
    squares += off * off;
    defined++;
  }
  const error = defined > 1 ? Math.sqrt(Math.max(0, squares - (sum * sum) / defined) / (defined - 1)) : 0;
  if (!(error > 1e-12)) return { value, error: 0 };
  for (let draw = 0; draw < greatest.length; draw++) {
    const t = Math.abs(drawn(draw) - value) / error;
    if (t > (greatest[draw] ?? 0)) greatest[draw] = t;
  }
  return { value, error };
}

/** Standard error of a rate over replicates; NaN where it is hardly ever defined. */
export function errorOf(draws: Draws, group: number, version: 0 | 1, rate: number): number {
  let sum = 0;
  let squares = 0;
  let defined = 0;
  for (let draw = 0; draw < draws.replicates; draw++) {
    const value = drawAt(draws, draw, group, version, rate);
    if (Number.isNaN(value)) continue;
    sum += value;
    squares += value * value;
    defined++;
  }
  if (defined < draws.replicates / 2 || defined < 2) return Number.NaN;
  return Math.sqrt(Math.max(0, squares - (sum * sum) / defined) / (defined - 1));
}
