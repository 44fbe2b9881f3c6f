import { exp, log } from "@assay/compute";
import type { ListMetric } from "../../../metrics/lists/index.ts";
import { type Interval, logitInterval, studentCdf, studentQuantile } from "../../../statistics/index.ts";
import { fewestLists } from "./limits.ts";
import type { Places } from "./places.ts";

/** A metric of one group over all lists, and without each of them in turn. */
export interface ListEstimate {
  /** On the scale of the value; NaN where it is not defined. */
  readonly value: number;
  /** What stands under the line: places, rows or pairs. */
  readonly n: number;
  /** Lists that hold the group. */
  readonly lists: number;
  /** On the scale of the interval: the value, and its value without each list that holds the group (NaN: it does not). */
  readonly scaled: number;
  readonly without: Float64Array;
  /** Each list's share of what stands under the line. */
  readonly leverage: Float64Array;
}

export function estimateList(metric: ListMetric, places: Places, group: number): ListEstimate {
  const { cells, groups, lists } = places;
  const at = (list: number): number => list * groups.length + group;
  let over = 0;
  let under = 0;
  let held = 0;
  for (let list = 0; list < lists.length; list++) {
    over += cells[metric.over][at(list)] ?? 0;
    under += cells[metric.under][at(list)] ?? 0;
    if ((cells.rows[at(list)] ?? 0) > 0) held++;
  }
  const isLog = metric.scale === "log" || metric.value === "log";
  const scale = (a: number, b: number): number => (b > 0 ? (isLog ? log(a / b) : a / b) : Number.NaN);
  const without = new Float64Array(lists.length).fill(Number.NaN);
  const leverage = Float64Array.from(lists, (_, list) => (cells[metric.under][at(list)] ?? 0) / under);
  for (let list = 0; list < lists.length; list++) {
    if (!((cells.rows[at(list)] ?? 0) > 0)) continue;
    without[list] = scale(over - (cells[metric.over][at(list)] ?? 0), under - (cells[metric.under][at(list)] ?? 0));
  }
  const ratio = under > 0 ? over / under : Number.NaN;
  const value = metric.value === "log" ? (ratio > 0 ? log(ratio) : Number.NaN) : ratio;
  return {
    value,
    n: metric.under === "relevance" ? rowsOf(places, group) : under,
    lists: held,
    scaled: scale(over, under),
    without,
    leverage,
  };
}

function rowsOf({ cells, groups, lists }: Places, group: number): number {
  let rows = 0;
  for (let list = 0; list < lists.length; list++) rows += cells.rows[list * groups.length + group] ?? 0;
  return rows;
}

/**
 * Standard error of a function of whole lists by leaving each out: (Q − 1)/Q Σ (θ₍q₎ − θ̄)². Lists are drawn alike, rows of one
 * list hang together. B. Efron and C. Stein, Annals of Statistics 9 (1981) 586–596, doi:10.1214/aos/1176345462.
 */
export function jackknifeError(without: ArrayLike<number>): number {
  let count = 0;
  let sum = 0;
  for (let list = 0; list < without.length; list++) {
    const value = without[list] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    if (!Number.isFinite(value)) return Number.NaN;
    count++;
    sum += value;
  }
  if (count < 2) return Number.NaN;
  const mean = sum / count;
  let squares = 0;
  for (let list = 0; list < without.length; list++) {
    const value = without[list] ?? Number.NaN;
    if (!Number.isNaN(value)) squares += (value - mean) ** 2;
  }
  return Math.sqrt(((count - 1) / count) * squares);
}

/**
 * Standard error of a share over lists, and its degrees of freedom. Lists hold few pairs or many, so that few of them may carry the
 * share: each list's residual is divided by √(1 − its leverage), which takes most of the bias off (R. M. Bell and D. F. McCaffrey,
 * Survey Methodology 28 (2002) 169–181; J. E. Pustejovsky and E. Tipton, doi:10.1080/07350015.2016.1247004), and lists are counted
 * as (Σ pairs)² / Σ pairs², as Kish counts unequal weights. Its interval is on the logit scale, as surveys have it of clusters.
 */
function shareError({ value, without, leverage }: ListEstimate): { readonly error: number; readonly freedom: number } {
  let squares = 0;
  let inverse = 0;
  for (const [list, share] of leverage.entries()) {
    if (!(share > 0)) continue;
    // The value without a list is value − residual / (1 − leverage).
    squares += (value - (without[list] ?? Number.NaN)) ** 2 * (1 - share);
    inverse += share * share;
  }
  return { error: Math.sqrt(squares), freedom: Math.max(1, 1 / inverse - 1) };
}

/** The interval of a group's metric; null where lists are too few, or none of them differs. */
export function listInterval(
  metric: ListMetric,
  one: ListEstimate,
  confidence: number,
): (Interval & { method: string }) | null {
  if (one.lists < fewestLists || Number.isNaN(one.value)) return null;
  const error = jackknifeError(one.without);
  const [least, most] = metric.range;
  if (!(error > 0)) {
    if (!Number.isFinite(least) || !Number.isFinite(most) || metric.scale === "log") return null;
    // Lists that are all the same say that a share 1 − (α/2)^(1/lists) of others may be unseen.
    const unseen = 1 - exp(log((1 - confidence) / 2) / one.lists);
    return {
      low: one.value - unseen * (one.value - least),
      high: one.value + unseen * (most - one.value),
      method: "unseen-lists",
    };
  }
  if (metric.scale === "logit") {
    const { error: reduced, freedom } = shareError(one);
    const inside = logitInterval(one.value, reduced, confidence, freedom);
    return inside && { ...inside, method: "logit-lists" };
  }
  const half = studentQuantile(0.5 + confidence / 2, one.lists - 1) * error;
  const back = (scaled: number): number => (metric.scale === "log" ? exp(scaled) : scaled);
  return {
    low: Math.max(least, Math.min(one.value, back(one.scaled - half))),
    high: Math.min(most, Math.max(one.value, back(one.scaled + half))),
    method: "jackknife-lists",
  };
}

export interface ListGap {
  readonly difference: number;
  readonly ratio: number;
  /** Null where lists are too few. */
  readonly intervals: { readonly difference: Interval; readonly ratio: Interval | null } | null;
  /** That all groups have one value, by Student's test of every pair and Bonferroni's bound; null where lists are too few. */
  readonly p: number | null;
}

/**
 * Greatest less least over groups. Groups stand in the same lists, so that one's gain is another's loss: the error of each
 * pair's difference is taken over lists, and the interval holds for all pairs at once by Bonferroni's bound.
 */
export function listGap(metric: ListMetric, groups: readonly ListEstimate[], confidence: number): ListGap {
  const values = groups.map(({ value }) => value);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const head = { difference: most - least, ratio: most > 0 ? least / most : Number.NaN };
  const lists = Math.min(...groups.map((one) => one.lists));
  if (lists < fewestLists) return { ...head, intervals: null, p: null };
  const pairs = (groups.length * (groups.length - 1)) / 2;
  const critical = studentQuantile(1 - (1 - confidence) / (2 * pairs), lists - 1);
  const difference = { low: 0, high: 0 };
  const ratio = { low: 1, high: 1 };
  let hasRatio = metric.range[0] >= 0;
  const width = metric.range[1] - metric.range[0];
  let p = 1;
  for (let a = 0; a < groups.length; a++) {
    for (let b = a + 1; b < groups.length; b++) {
      const [one, other] = [groups[a], groups[b]];
      if (!one || !other) continue;
      const plain = pairError(one, other, (x) => (metric.scale === "log" ? exp(x) : x));
      const gap = Math.abs(one.value - other.value);
      const reach =
        plain > 0
          ? { below: critical * plain, above: critical * plain }
          : unseenReach(gap, width, one, other, confidence, pairs);
      difference.low = Math.max(difference.low, gap - reach.below);
      difference.high = Math.max(difference.high, gap + reach.above);
      const isSpread = plain > 0 && one.value > 0 && other.value > 0;
      if (hasRatio && isSpread) {
        const error = pairError(one, other, (x) => (metric.scale === "log" ? x : log(x)));
        const apart = Math.abs(log(one.value / other.value));
        ratio.low = Math.min(ratio.low, exp(-apart - critical * error));
        ratio.high = Math.min(ratio.high, exp(-Math.max(0, apart - critical * error)));
      } else hasRatio = false;
      // Lists that all show the same gap: the sign test's p.
      const same = gap > 0 ? 2 ** (1 - Math.min(one.lists, other.lists)) : 1;
      p = Math.min(p, pairs * (plain > 0 ? 2 * studentCdf(-gap / plain, lists - 1) : same));
    }
  }
  return {
    ...head,
    intervals: {
      difference: {
        low: Math.min(head.difference, difference.low),
        high: Math.min(width, Math.max(head.difference, difference.high)),
      },
      ratio: hasRatio ? { low: Math.min(head.ratio, ratio.low), high: Math.max(head.ratio, ratio.high) } : null,
    },
    p: Math.max(0, Math.min(1, p)),
  };
}

/** Where all lists show one gap: a share 1 − (α/2)^(1/lists) of others may be unseen, with none of it or with all there can be. */
function unseenReach(
  gap: number,
  width: number,
  one: ListEstimate,
  other: ListEstimate,
  confidence: number,
  pairs: number,
): { below: number; above: number } {
  const share = 1 - exp(log((1 - confidence) / (2 * pairs)) / Math.min(one.lists, other.lists));
  return { below: share * gap, above: Number.isFinite(width) ? share * (width - gap) : share * gap };
}

/** The jackknife's error of a difference of two groups, on a scale. A list without a group leaves that group's value as it is. */
function pairError(one: ListEstimate, other: ListEstimate, scale: (scaled: number) => number): number {
  const without = new Float64Array(one.without.length).fill(Number.NaN);
  for (let list = 0; list < without.length; list++) {
    const a = one.without[list] ?? Number.NaN;
    const b = other.without[list] ?? Number.NaN;
    if (Number.isNaN(a) && Number.isNaN(b)) continue;
    without[list] = scale(Number.isNaN(a) ? one.scaled : a) - scale(Number.isNaN(b) ? other.scaled : b);
  }
  const error = jackknifeError(without);
  return Number.isFinite(error) ? error : Number.POSITIVE_INFINITY;
}
