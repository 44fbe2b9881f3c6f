import {
  criticalValue,
  fewestForOrderInterval,
  type Interval,
  independentCount,
  orderInterval,
  studentQuantile,
} from "../../statistics/index.ts";
import { steadyFrom } from "./steady.ts";
import type { CallSeries } from "./summary.ts";

export interface Quantile {
  readonly value: number;
  /** Null where the calls are too few to bound it. */
  readonly interval: Interval | null;
  /** As how many independent calls they count for it. */
  readonly independent: number;
  readonly fewest: number;
}

/** What the calls of one batch size on one device say. */
export interface Pace {
  readonly device: string;
  readonly description: string;
  readonly batch: number;
  /** Milliseconds, ascending, of the calls after warm-up: none left out. */
  readonly sorted: Float64Array;
  readonly first: number;
  /** Calls that are not counted: those of the first visit, and of each other one before its pace was steady. */
  readonly warmUp: number;
  readonly settled: boolean;
  readonly median: Quantile;
  readonly p95: Quantile;
  readonly p99: Quantile;
  readonly slowest: number;
  /** Calls further above the upper quartile than three times the quartiles are apart (Tukey's far out). */
  readonly farOut: number;
}

export function paceOf({ device, description, batch, visits }: CallSeries, confidence: number): Pace {
  const counted = visits.length > 1 ? visits.slice(1) : visits;
  const steady = counted.map(({ ms }) => ({ ms, ...steadyFrom(ms) }));
  const kept = Float64Array.from(steady.flatMap(({ ms, from }) => [...ms.subarray(from)]));
  const sorted = kept.slice().sort();
  const of = (p: number): Quantile => {
    const value = sampleQuantile(sorted, p);
    const independent = independentCount(kept, value);
    // By the dependence of calls inside visits alone: what visits differ by beyond it is the machine's state.
    const inside = steady.reduce((sum, { ms, from }) => sum + independentCount(ms.subarray(from), value), 0);
    return {
      value,
      interval: widened(
        orderInterval(sorted, p, confidence, independent),
        betweenVisits(
          steady.map(({ ms, from }) => ms.subarray(from)),
          p,
          confidence,
          orderInterval(sorted, p, confidence, inside),
        ),
      ),
      independent: Math.floor(independent),
      fewest: fewestForOrderInterval(p, confidence),
    };
  };
  const [low, high] = [sampleQuantile(sorted, 0.25), sampleQuantile(sorted, 0.75)];
  return {
    device,
    description,
    batch,
    sorted,
    first: visits[0]?.ms[0] ?? Number.NaN,
    warmUp: visits.reduce((sum, { ms }) => sum + ms.length, 0) - kept.length,
    // A visit that a neighbour disturbed does not make the pace a changing one.
    settled: steady.filter((one) => one.settled).length >= 0.75 * steady.length,
    median: of(0.5),
    p95: of(0.95),
    p99: of(0.99),
    slowest: sorted.at(-1) ?? Number.NaN,
    farOut: sorted.reduce((count, ms) => count + Number(ms > high + 3 * (high - low)), 0),
  };
}

/** An audit of latency is believed where it says the same again: its intervals hold for so many further runs together. */
const furtherRuns = 5;

/**
 * Where the quantiles of five other visits lie together, as far as visits differ by more than their calls explain: Student's,
 * of the logarithms of the visits' own quantiles, s² their variance and v that of the whole's by its calls alone. A machine
 * whose pace changes from visit to visit is in another state in the next run too, so that part of s², above m v, is not averaged
 * away, and each of five runs has a state of its own (a prediction interval for five values by Bonferroni: G. J. Hahn, Journal
 * of the American Statistical Association 65 (1970) 1668–1676, doi:10.2307/2284349); only the calls' own is.
 * Visits with too few calls to have a quantile of their own are taken two by two; null where these have
 * too few as well.
 */
function betweenVisits(
  visits: readonly Float64Array[],
  p: number,
  confidence: number,
  calls: Interval | null,
): Interval | null {
  if (calls === null || visits.length < 2) return null;
  const isTold = (ms: Float64Array): boolean => ms.length * Math.min(p, 1 - p) >= 5;
  const told = visits.every(isTold) ? visits : pairsOf(visits);
  if (told.length < 3 || !told.every(isTold)) return null;
  const logs = told.map((ms) => Math.log(sampleQuantile(ms.slice().sort(), p)));
  if (!logs.every(Number.isFinite)) return null;
  const m = logs.length;
  const mean = logs.reduce((sum, log) => sum + log, 0) / m;
  const variance = logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / (m - 1);
  const ofCalls = ((Math.log(calls.high) - Math.log(calls.low)) / (2 * criticalValue(confidence))) ** 2;
  const ofState = Math.max(0, variance - m * ofCalls);
  const ofFurther = studentQuantile(1 - (1 - confidence) / (2 * furtherRuns), m - 1) * Math.sqrt(ofState);
  const half = Math.hypot(ofFurther, studentQuantile((1 + confidence) / 2, m - 1) * Math.sqrt(variance / m));
  return { low: Math.exp(mean - half), high: Math.exp(mean + half) };
}

/** Each two visits that follow each other as one. */
function pairsOf(visits: readonly Float64Array[]): readonly Float64Array[] {
  return Array.from({ length: Math.floor(visits.length / 2) }, (_, pair) => {
    const [first, second] = [visits[2 * pair] ?? new Float64Array(0), visits[2 * pair + 1] ?? new Float64Array(0)];
    return Float64Array.from([...first, ...second]);
  });
}

/** Both hold: the wider end of each. */
function widened(interval: Interval | null, other: Interval | null): Interval | null {
  if (interval === null || other === null) return interval;
  return { low: Math.min(interval.low, other.low), high: Math.max(interval.high, other.high) };
}

/** The smallest value that a share p lies at or below: a call that was made, between the ends of its interval. */
function sampleQuantile(sorted: Float64Array, p: number): number {
  return sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] ?? Number.NaN;
}
