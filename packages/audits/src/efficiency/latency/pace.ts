import {
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
    return {
      value,
      interval: widened(
        orderInterval(sorted, p, confidence, independent),
        betweenVisits(
          steady.map(({ ms, from }) => ms.subarray(from)),
          p,
          confidence,
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

/**
 * The interval that the visits' own quantiles give, as eight measurements of a machine whose pace drifts between them: Student's,
 * of their logarithms, which count as fewer where a visit tells of the next. Null where a visit has too few calls to have a
 * quantile of its own.
 */
function betweenVisits(visits: readonly Float64Array[], p: number, confidence: number): Interval | null {
  if (visits.length < 2 || visits.some((ms) => ms.length * Math.min(p, 1 - p) < 5)) return null;
  const logs = visits.map((ms) => Math.log(sampleQuantile(ms.slice().sort(), p)));
  if (!logs.every(Number.isFinite)) return null;
  const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length;
  const variance = logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / (logs.length - 1);
  const half = studentQuantile((1 + confidence) / 2, logs.length - 1) * Math.sqrt(variance / independentVisits(logs));
  return { low: Math.exp(mean - half), high: Math.exp(mean + half) };
}

/**
 * As how many independent ones visits count of a pace that drifts, a first-order autoregression: m (1 − ρ) / (1 + ρ), never
 * more than m and never less than one. So few tell a correlation that is too small: it is put right by −(1 + 4ρ) / m
 * (M. G. Kendall, Biometrika 41 (1954) 403–404, doi:10.1093/biomet/41.3-4.403).
 */
export function independentVisits(values: readonly number[]): number {
  const m = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / m;
  const apart = values.map((value) => value - mean);
  const whole = apart.reduce((sum, value) => sum + value * value, 0);
  if (m < 5 || whole === 0) return m;
  let next = 0;
  for (let visit = 1; visit < m; visit++) next += (apart[visit] ?? 0) * (apart[visit - 1] ?? 0);
  const correlation = Math.min(0.9, Math.max(0, ((m * next) / whole + 1) / (m - 4)));
  return Math.max(1, (m * (1 - correlation)) / (1 + correlation));
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
