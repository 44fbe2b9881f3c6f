import type { ListNumber } from "../../../metrics/lists/index.ts";
import { type RankedList, tiesOf } from "./places.ts";
import type { ListSummary } from "./summary.ts";

/** Counts by rank of relevance, and how many lie below one: a Fenwick tree (P. M. Fenwick, Software 24 (1994) 327–336). */
class Below {
  readonly #tree: Float64Array;

  constructor(size: number) {
    this.#tree = new Float64Array(size + 1);
  }

  add(rank: number, count: number): void {
    for (let at = rank + 1; at < this.#tree.length; at += at & -at) this.#tree[at] = (this.#tree[at] ?? 0) + count;
  }

  /** Of ranks under this one. */
  below(rank: number): number {
    let sum = 0;
    for (let at = rank; at > 0; at -= at & -at) sum += this.#tree[at] ?? 0;
    return sum;
  }
}

/**
 * Pairs of rows of one list whose relevance differs, told of the group of the more relevant row: how many, and how many have it
 * first; tied scores count half. Rows without a relevance are in no pair.
 */
export function fillPairs(
  summary: ListSummary,
  list: RankedList,
  groupOf: Uint32Array,
  add: (name: ListNumber, group: number, value: number) => void,
): void {
  const values = new Set<number>();
  for (let entry = list.start; entry < list.end; entry++) {
    const relevance = summary.relevance[entry] ?? Number.NaN;
    if (!Number.isNaN(relevance)) values.add(relevance);
  }
  if (values.size < 2) return;
  const rankOf = new Map([...values].sort((a, b) => a - b).map((value, rank) => [value, rank]));
  const treeOf = (trees: Map<number, Below>, group: number): Below => {
    const held = trees.get(group) ?? new Below(values.size);
    trees.set(group, held);
    return held;
  };
  const all = new Below(values.size);
  const own = new Map<number, Below>();
  const total = new Below(values.size);
  const ownTotal = new Map<number, Below>();
  const each = (start: number, end: number, use: (group: number, rank: number, count: number) => void): void => {
    for (let entry = start; entry < end; entry++) {
      const rank = rankOf.get(summary.relevance[entry] ?? Number.NaN);
      if (rank !== undefined) use(groupOf[entry] ?? 0, rank, summary.counts[entry] ?? 0);
    }
  };
  each(list.start, list.end, (group, rank, count) => {
    total.add(rank, count);
    treeOf(ownTotal, group).add(rank, count);
  });
  const half = (group: number, rank: number, count: number): void => {
    const beaten = (count * all.below(rank)) / 2;
    const within = (count * treeOf(own, group).below(rank)) / 2;
    add("wins", group, beaten);
    add("intraWins", group, within);
    add("interWins", group, beaten - within);
  };
  // From the last place up. Half of those below before its tie is let in and half of those after: those in the tie count half.
  for (const tie of [...tiesOf(summary, list)].reverse()) {
    each(tie.start, tie.end, half);
    each(tie.start, tie.end, (group, rank, count) => {
      all.add(rank, count);
      treeOf(own, group).add(rank, count);
    });
    each(tie.start, tie.end, half);
  }
  each(list.start, list.end, (group, rank, count) => {
    const pairs = count * total.below(rank);
    const within = count * treeOf(ownTotal, group).below(rank);
    add("pairs", group, pairs);
    add("intraPairs", group, within);
    add("interPairs", group, pairs - within);
  });
}
