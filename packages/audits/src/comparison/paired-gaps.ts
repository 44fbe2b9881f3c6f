import type { Metric } from "../metrics/index.ts";
import { correctedRange, type Interval, percentileInterval } from "../statistics/index.ts";
import { exchangeReach } from "./exchange-reach.ts";
import { confusionOf, type PairedGroup, pairedCells, type Side } from "./paired-cells.ts";
import type { GroupDraws } from "./paired-difference.ts";
import { pairedVariance } from "./standard-error.ts";

/** A gap of a metric over groups (max − min), of both sides over the same rows. */
export interface PairedGap {
  readonly metric: string;
  readonly a: number;
  readonly b: number;
  readonly value: number;
  readonly interval: Interval;
  readonly p: number;
  readonly n: number;
}

/** What `equalized-odds-difference` is the larger of. */
const odds = ["true-positive-rate", "false-positive-rate"];

/** Both sides' gap in every replicate of the tables of all groups, and the standard error of b − a. */
interface GapDraws {
  readonly a: Float64Array;
  readonly b: Float64Array;
  /** Empty where it was not asked for. */
  readonly errors: Float64Array;
}

interface GapParts {
  readonly bootstrap: GapDraws;
  readonly exchange: GapDraws;
  readonly observed: GapDraws;
  /** Each side's gap less its upward bias. */
  readonly corrected: Readonly<Record<Side, number>>;
  /** The most that a gap can be. */
  readonly width: number;
  readonly n: number;
}

/**
 * Gaps over groups of every metric, side against side. Test: the two decisions of a row exchanged, studentised by the groups that lie
 * furthest apart. Only groups where the metric is defined on both sides enter.
 *
 * A gap lies above its truth, the more the more alike the groups are, so that a change of gaps is drawn toward 0 where one of them
 * closes. The interval is all that three views leave: the test's reach about the change as seen; the same about the change of the
 * gaps less their bias; and percentiles of a bootstrap of the pairs within each group. It holds 0 wherever the test does not reject,
 * and covers where percentiles alone do not (docs/methods/coverage-comparison.md).
 */
export function pairedGaps(
  metrics: readonly Metric[],
  groups: readonly PairedGroup[],
  drawsOf: (group: PairedGroup) => GroupDraws,
  confidence: number,
): PairedGap[] {
  const parts = new Map<string, GapParts>();
  for (const metric of metrics) {
    const defined = groups.filter(({ counts }) =>
      (["a", "b"] as const).every((side) => Number.isFinite(metric.formula(confusionOf(counts, side, metric.needs)))),
    );
    if (defined.length < 2) continue;
    const draws = defined.map(drawsOf);
    parts.set(metric.name, {
      bootstrap: gapsOf(
        metric,
        draws.map((one) => one.bootstrap),
        false,
      ),
      exchange: gapsOf(
        metric,
        draws.map((one) => one.exchange),
        true,
      ),
      observed: gapsOf(
        metric,
        defined.map((group) => group.counts),
        true,
      ),
      corrected: { a: correctedGap(metric, defined, "a"), b: correctedGap(metric, defined, "b") },
      width: metric.range[1] - metric.range[0],
      n: defined.reduce((sum, { counts }) => sum + metric.rows(confusionOf(counts, "a", metric.needs)), 0),
    });
  }
  const gaps: PairedGap[] = [...parts].map(([name, part]) => gapOf(`${name}-difference`, part, confidence));
  const [tpr, fpr] = odds.map((name) => parts.get(name));
  if (tpr !== undefined && fpr !== undefined) {
    gaps.push(
      gapOf(
        "equalized-odds-difference",
        {
          bootstrap: largerOf(tpr.bootstrap, fpr.bootstrap),
          exchange: largerOf(tpr.exchange, fpr.exchange),
          observed: largerOf(tpr.observed, fpr.observed),
          corrected: {
            a: Math.max(tpr.corrected.a, fpr.corrected.a),
            b: Math.max(tpr.corrected.b, fpr.corrected.b),
          },
          width: 1,
          n: tpr.n + fpr.n,
        },
        confidence,
      ),
    );
  }
  return gaps;
}

function correctedGap(metric: Metric, groups: readonly PairedGroup[], side: Side): number {
  const signs = { a: side === "a" ? 1 : 0, b: side === "b" ? 1 : 0 };
  return correctedRange(
    groups.map(({ counts }) => metric.formula(confusionOf(counts, side, metric.needs))),
    groups.map(({ counts }) => Math.sqrt(pairedVariance(metric, counts, 0, signs))),
  );
}

/** Gaps of every replicate. A group where the metric is not defined in a replicate takes no part in it. */
function gapsOf(metric: Metric, tables: readonly ArrayLike<number>[], withErrors: boolean): GapDraws {
  const replicates = (tables[0]?.length ?? 0) / pairedCells;
  const sides = { a: extremesOf(metric, tables, "a", replicates), b: extremesOf(metric, tables, "b", replicates) };
  const gap = (side: Side) => sides[side].most.map((most, at) => Math.max(0, most - (sides[side].least[at] ?? 0)));
  const errors = new Float64Array(withErrors ? replicates : 0);
  for (let replicate = 0; replicate < errors.length; replicate++) {
    // b's largest − b's least − a's largest + a's least: a group may be several of them.
    const signs = new Map<number, Record<Side, number>>();
    for (const [side, sign] of [
      ["b", 1],
      ["a", -1],
    ] as const) {
      for (const [group, way] of [
        [sides[side].highest[replicate] ?? 0, sign],
        [sides[side].lowest[replicate] ?? 0, -sign],
      ] as const) {
        const held = signs.get(group) ?? { a: 0, b: 0 };
        held[side] += way;
        signs.set(group, held);
      }
    }
    let variance = 0;
    for (const [group, ways] of signs) {
      variance += pairedVariance(metric, tables[group] ?? [], replicate * pairedCells, ways);
    }
    errors[replicate] = Math.sqrt(variance);
  }
  return { a: gap("a"), b: gap("b"), errors };
}

interface Extremes {
  readonly most: Float64Array;
  readonly least: Float64Array;
  /** Places of the groups that have them. */
  readonly highest: Uint32Array;
  readonly lowest: Uint32Array;
}

function extremesOf(metric: Metric, tables: readonly ArrayLike<number>[], side: Side, replicates: number): Extremes {
  const most = new Float64Array(replicates).fill(Number.NEGATIVE_INFINITY);
  const least = new Float64Array(replicates).fill(Number.POSITIVE_INFINITY);
  const highest = new Uint32Array(replicates);
  const lowest = new Uint32Array(replicates);
  for (const [group, table] of tables.entries()) {
    for (let replicate = 0; replicate < replicates; replicate++) {
      const value = metric.formula(confusionOf(table, side, metric.needs, replicate * pairedCells));
      if (Number.isNaN(value)) continue;
      if (value > (most[replicate] ?? 0)) {
        most[replicate] = value;
        highest[replicate] = group;
      }
      if (value < (least[replicate] ?? 0)) {
        least[replicate] = value;
        lowest[replicate] = group;
      }
    }
  }
  return { most, least, highest, lowest };
}

/** The larger gap of two metrics on each side; its error is that of the metric that is larger on the side with the larger. */
function largerOf(x: GapDraws, y: GapDraws): GapDraws {
  const larger = (one: Float64Array, other: Float64Array) =>
    one.map((value, index) => Math.max(value, other[index] ?? 0));
  return {
    a: larger(x.a, y.a),
    b: larger(x.b, y.b),
    errors: x.errors.map((error, at) => {
      const [most, least] = [Math.max(x.a[at] ?? 0, x.b[at] ?? 0), Math.max(y.a[at] ?? 0, y.b[at] ?? 0)];
      return most >= least ? error : (y.errors[at] ?? error);
    }),
  };
}

function gapOf(metric: string, part: GapParts, confidence: number): PairedGap {
  const { bootstrap, exchange, observed, corrected, width } = part;
  const [a, b] = [observed.a[0] ?? 0, observed.b[0] ?? 0];
  const value = b - a;
  const unbiased = corrected.b - corrected.a;
  const error = observed.errors[0] ?? 0;
  // Where the two differ in sign, 0 lies between them.
  const nearest = value * unbiased > 0 ? Math.min(Math.abs(value), Math.abs(unbiased)) : 0;
  const statistics = exchange.a.map((one, at) => {
    const difference = (exchange.b[at] ?? 0) - one;
    return difference === 0 ? 0 : Math.abs(difference) / (exchange.errors[at] ?? 0);
  });
  const { p, reach } = exchangeReach(nearest === 0 ? 0 : nearest / error, statistics, confidence);
  const drawn = percentileInterval(
    bootstrap.b.map((gap, index) => gap - (bootstrap.a[index] ?? 0)),
    confidence,
  );
  return {
    metric,
    a,
    b,
    value,
    interval: {
      low: Math.max(-width, Math.min(drawn.low, Math.min(value, unbiased) - reach * error)),
      high: Math.min(width, Math.max(drawn.high, Math.max(value, unbiased) + reach * error)),
    },
    p,
    n: part.n,
  };
}
