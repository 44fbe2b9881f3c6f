import { PhiloxStream } from "@assay/compute";
import { type Sought, settle } from "../../../groups/sequential-test.ts";
import { normalCdf } from "../../../statistics/index.ts";
import { ndkl } from "./divergence.ts";
import { fewestShuffles, mostDeals } from "./limits.ts";
import { newDiscounts, type Places, tieExposure, tiesOf, tieTop } from "./places.ts";
import type { ListSummary } from "./summary.ts";

export interface ShuffleResult {
  /** That the first places fall to groups without regard to them. */
  readonly top: number;
  /** The same of all places by the attention they draw. */
  readonly exposure: number;
  /** permutation: groups were dealt anew. moments: lists too large for it; the mean and variance of all deals, and a normal bound. */
  readonly method: "permutation" | "permutation-moments";
  /** Of the mean divergence over lists; null where lists are too large to deal. `chance`: what dealing gives on average. */
  readonly ndkl: { readonly p: number; readonly chance: number } | null;
}

/** The lists as items: one for every row, with the attention of its place and its chance to be among the first. */
interface Items {
  readonly group: Uint32Array;
  readonly exposure: Float64Array;
  readonly top: Float64Array;
  /** Start of every list, and the end of the last. */
  readonly starts: readonly number[];
  /** Start of every tie within the items, list after list, and the end of the last. */
  readonly ties: readonly (readonly number[])[];
}

/**
 * Test that places fall without regard to groups: the groups of a list's rows are dealt anew over its places, in every list.
 * The statistic is the greatest distance of a group from what dealing gives on average, in standard errors; of the divergence,
 * its mean over lists. Of one list this is a permutation test within it.
 * @param compared places of the groups that are compared; the others are dealt too
 */
export async function shuffleTest(
  summary: ListSummary,
  places: Places,
  compared: readonly number[],
  top: number,
  run: { readonly replicates: number; readonly seed: number; readonly stream: number; readonly signal: AbortSignal },
): Promise<ShuffleResult> {
  const { lists, groups } = places;
  const rows = lists.reduce((sum, list) => sum + list.rows, 0);
  const replicates = Math.min(run.replicates, Math.floor(mostDeals / Math.max(1, rows)));
  const nulls = momentsOf(summary, places, top);
  const statistic = (sums: Float64Array, moments: Moments): number => {
    let most = 0;
    for (const group of compared) {
      const spread = moments.variance[group] ?? 0;
      if (!(spread > 0)) continue;
      most = Math.max(most, Math.abs((sums[group] ?? 0) - (moments.mean[group] ?? 0)) / Math.sqrt(spread));
    }
    return most;
  };
  const observed = {
    top: statistic(totals(places.cells.top, groups.length), nulls.top),
    exposure: statistic(totals(places.cells.exposure, groups.length), nulls.exposure),
  };
  // Two groups that hold all rows are one number: what one has too much of, the other has too little.
  const tests = compared.length === 2 && groups.length === 2 ? 1 : compared.length;
  const bound = (distance: number): number => Math.min(1, tests * 2 * normalCdf(-distance));
  if (replicates < fewestShuffles) {
    return { top: bound(observed.top), exposure: bound(observed.exposure), method: "permutation-moments", ndkl: null };
  }
  const items = itemsOf(summary, places, top);
  const divergence = (group: Uint32Array): number => {
    let sum = 0;
    for (const ties of items.ties) {
      const counts = new Float64Array((ties.length - 1) * groups.length);
      for (let tie = 0; tie + 1 < ties.length; tie++) {
        for (let item = ties[tie] ?? 0; item < (ties[tie + 1] ?? 0); item++) {
          const at = tie * groups.length + (group[item] ?? 0);
          counts[at] = (counts[at] ?? 0) + 1;
        }
      }
      sum += ndkl(counts, groups.length);
    }
    return sum / items.ties.length;
  };
  const dealt = new Uint32Array(items.group.length);
  const sought: Sought[] = [
    { observed: observed.top, bound: 1 },
    { observed: observed.exposure, bound: 1 },
    { observed: divergence(items.group), bound: 1 },
  ];
  let chance = 0;
  let drawn = 0;
  const sums = { top: new Float64Array(groups.length), exposure: new Float64Array(groups.length) };
  const ps = await settle(sought, replicates, async (first, count) => {
    const values = sought.map(() => new Float64Array(count));
    for (let replicate = 0; replicate < count; replicate++) {
      run.signal.throwIfAborted();
      const random = new PhiloxStream(run.seed, run.stream, BigInt(first + replicate) << 25n);
      dealt.set(items.group);
      for (let list = 0; list + 1 < items.starts.length; list++) {
        const start = items.starts[list] ?? 0;
        for (let last = (items.starts[list + 1] ?? 0) - 1; last > start; last--) {
          const other = start + random.integer(last - start + 1);
          const held = dealt[last] ?? 0;
          dealt[last] = dealt[other] ?? 0;
          dealt[other] = held;
        }
      }
      sums.top.fill(0);
      sums.exposure.fill(0);
      for (const [item, group] of dealt.entries()) {
        sums.top[group] = (sums.top[group] ?? 0) + (items.top[item] ?? 0);
        sums.exposure[group] = (sums.exposure[group] ?? 0) + (items.exposure[item] ?? 0);
      }
      const own = divergence(dealt);
      chance += own;
      drawn++;
      for (const [index, value] of [
        statistic(sums.top, nulls.top),
        statistic(sums.exposure, nulls.exposure),
        own,
      ].entries()) {
        const into = values[index];
        if (into) into[replicate] = value;
      }
    }
    return values;
  });
  const [ofTop = 1, ofExposure = 1, ofDivergence = 1] = ps;
  return {
    top: ofTop,
    exposure: ofExposure,
    method: "permutation",
    ndkl: { p: ofDivergence, chance: drawn > 0 ? chance / drawn : 0 },
  };
}

/** The mean over lists of their divergence. */
export function divergences(summary: ListSummary, places: Places): Float64Array {
  const { groups, groupOf, lists } = places;
  return Float64Array.from(lists, (list) => {
    const counts: number[] = [];
    for (const tie of tiesOf(summary, list)) {
      const own = new Array<number>(groups.length).fill(0);
      for (let entry = tie.start; entry < tie.end; entry++) {
        const group = groupOf[entry] ?? 0;
        own[group] = (own[group] ?? 0) + (summary.counts[entry] ?? 0);
      }
      counts.push(...own);
    }
    return ndkl(Float64Array.from(counts), groups.length);
  });
}

function totals(cells: Float64Array, groups: number): Float64Array {
  const sums = new Float64Array(groups);
  for (const [at, value] of cells.entries()) sums[at % groups] = (sums[at % groups] ?? 0) + value;
  return sums;
}

interface Moments {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

/**
 * Mean and variance of a group's sum over all deals, list by list: drawing n_g of n weights without replacement gives n_g w̄ and
 * n_g (n − n_g) / n · Σ(w − w̄)² / (n − 1). W. G. Cochran, Sampling Techniques, 3rd ed. (1977), theorem 2.2.
 */
function momentsOf(summary: ListSummary, places: Places, top: number): { top: Moments; exposure: Moments } {
  const { lists, groups, cells } = places;
  const size = groups.length;
  const empty = (): Moments => ({ mean: new Float64Array(size), variance: new Float64Array(size) });
  const found = { top: empty(), exposure: empty() };
  const discounts = newDiscounts();
  for (const [index, list] of lists.entries()) {
    const first = Math.min(top, list.rows);
    const sums = { top: { one: 0, two: 0 }, exposure: { one: 0, two: 0 } };
    for (const tie of tiesOf(summary, list)) {
      for (const [name, weight] of [
        ["top", tieTop(tie, first)],
        ["exposure", tieExposure(tie, discounts)],
      ] as const) {
        sums[name].one += tie.rows * weight;
        sums[name].two += tie.rows * weight * weight;
      }
    }
    for (const name of ["top", "exposure"] as const) {
      const mean = sums[name].one / list.rows;
      const spread = list.rows > 1 ? Math.max(0, sums[name].two - list.rows * mean * mean) / (list.rows - 1) : 0;
      // What rounding leaves of weights that are all the same is no spread.
      const variance = spread > 1e-12 * mean * mean ? spread : 0;
      for (let group = 0; group < size; group++) {
        const own = cells.rows[index * size + group] ?? 0;
        const { mean: means, variance: variances } = found[name];
        means[group] = (means[group] ?? 0) + own * mean;
        variances[group] = (variances[group] ?? 0) + ((own * (list.rows - own)) / list.rows) * variance;
      }
    }
  }
  return found;
}

function itemsOf(summary: ListSummary, places: Places, top: number): Items {
  const rows = places.lists.reduce((sum, list) => sum + list.rows, 0);
  const group = new Uint32Array(rows);
  const exposure = new Float64Array(rows);
  const first = new Float64Array(rows);
  const starts: number[] = [];
  const ties: number[][] = [];
  const discounts = newDiscounts();
  let item = 0;
  for (const list of places.lists) {
    starts.push(item);
    const own: number[] = [];
    for (const tie of tiesOf(summary, list)) {
      own.push(item);
      const attention = tieExposure(tie, discounts);
      const share = tieTop(tie, Math.min(top, list.rows));
      for (let entry = tie.start; entry < tie.end; entry++) {
        for (let copy = 0; copy < (summary.counts[entry] ?? 0); copy++, item++) {
          group[item] = places.groupOf[entry] ?? 0;
          exposure[item] = attention;
          first[item] = share;
        }
      }
    }
    own.push(item);
    ties.push(own);
  }
  starts.push(item);
  return { group, exposure, top: first, starts, ties };
}
