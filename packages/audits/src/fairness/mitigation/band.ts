import { type Interval, quantile } from "../../statistics/index.ts";
import { type Draws, drawAt, type RateName, rateNames, type VersionPlace } from "./threshold/replicates.ts";

/** A difference of two groups' rates: as estimated, and how it spreads over replicates. */
interface Pair {
  readonly value: number;
  readonly error: number;
  /** |t| of every replicate about the estimate. */
  readonly ts: Float64Array;
}

/** What max − min of some rates lies between, at any level. */
export interface GapBand {
  at(confidence: number): GapInterval;
}

/**
 * Interval of a greatest gap. `high` covers all pairs at once; `ceiling` is the upper end of the gap alone, which is that of one
 * pair, whichever it is: the greatest of the pairs' own upper ends.
 */
export interface GapInterval extends Interval {
  readonly ceiling: number;
}

/** Groups beyond these have too many pairs. */
export const mostBandGroups = 50;

/**
 * Simultaneous intervals of the greatest gap over groups of one version, from the replicates: the differences of all pairs, of
 * all `rates`, are covered at once where none strays further from its estimate than the quantile of the greatest |t| of a
 * replicate. Zero is reached wherever groups may be equal.
 * @param estimates group × rate
 */
export function gapBand(
  draws: Draws,
  version: VersionPlace,
  estimates: readonly (readonly number[])[],
  groups: readonly number[],
  rates: readonly RateName[],
): GapBand | null {
  if (groups.length < 2 || groups.length > mostBandGroups) return null;
  const greatest = new Float64Array(draws.replicates);
  const drawn = new Float64Array(draws.replicates);
  const pairs: Pair[] = [];
  for (const place of rates.map((name) => rateNames.indexOf(name))) {
    for (const [position, a] of groups.entries()) {
      for (const b of groups.slice(position + 1)) {
        for (let draw = 0; draw < drawn.length; draw++) {
          drawn[draw] = drawAt(draws, draw, a, version, place) - drawAt(draws, draw, b, version, place);
        }
        pairs.push(spread((estimates[a]?.[place] ?? 0) - (estimates[b]?.[place] ?? 0), drawn, greatest));
      }
    }
  }
  return {
    at(confidence) {
      const critical = quantile(greatest, confidence);
      const furthest = (reach: (pair: Pair) => number): number =>
        Math.min(
          1,
          pairs.reduce((most, pair) => Math.max(most, Math.abs(pair.value) + reach(pair)), 0),
        );
      return {
        low: furthest(({ error }) => -critical * error),
        high: furthest(({ error }) => critical * error),
        ceiling: furthest(({ error, ts }) => (error > 0 ? quantile(ts, confidence) * error : 0)),
      };
    },
  };
}

/** The standard error of replicates, whose |t| about the estimate raise the greatest so far. Undefined ones are no |t|. */
function spread(value: number, drawn: Float64Array, greatest: Float64Array): Pair {
  const error = errorAbout(drawn);
  if (!(error > 1e-12)) return { value, error: 0, ts: new Float64Array(0) };
  const ts = drawn.map((one) => (Number.isNaN(one) ? 0 : Math.abs(one - value) / error));
  for (const [draw, t] of ts.entries()) if (t > (greatest[draw] ?? 0)) greatest[draw] = t;
  return { value, error, ts };
}

/** Standard deviation of the defined ones; NaN of fewer than two. */
function errorAbout(drawn: Float64Array): number {
  let sum = 0;
  let defined = 0;
  for (const value of drawn) {
    if (Number.isNaN(value)) continue;
    sum += value;
    defined++;
  }
  const mean = sum / defined;
  let squares = 0;
  for (const value of drawn) if (!Number.isNaN(value)) squares += (value - mean) ** 2;
  return defined > 1 ? Math.sqrt(squares / (defined - 1)) : Number.NaN;
}

/** Standard error of a rate over replicates; NaN where it is hardly ever defined. */
export function errorOf(draws: Draws, group: number, version: VersionPlace, rate: number): number {
  const drawn = Float64Array.from({ length: draws.replicates }, (_, draw) => drawAt(draws, draw, group, version, rate));
  const defined = drawn.reduce((count, value) => (Number.isNaN(value) ? count : count + 1), 0);
  return defined < draws.replicates / 2 ? Number.NaN : errorAbout(drawn);
}
