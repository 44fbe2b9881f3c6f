import { type KeyCounts, totalRows } from "./key-counts.ts";

/** A quantile being looked for: the rows that are known to lie below `prefix`, and its rank among all. */
export type Rank = { readonly rank: number; readonly below: number; readonly prefix: number };

/** Ranks of the `bins − 1` inner quantiles, as order statistics from 1. */
export function quantileRanks(rows: number, bins: number): Rank[] {
  return Array.from({ length: bins - 1 }, (_, index) => ({
    rank: Math.ceil((rows * (index + 1)) / bins),
    below: 0,
    prefix: 0,
  })).filter(({ rank }) => rank >= 1);
}

/**
 * Cut points of exact values: the quantiles themselves, each once, bins being closed above. Where there are no more values
 * than bins, every value has a bin. The largest value is no cut; where it is every quantile, the one before it is, so that
 * only a constant has a single bin.
 */
export function cutsOfValues(counts: KeyCounts, bins: number): number[] {
  const { keys } = counts;
  const last = keys[keys.length - 1];
  const cuts =
    keys.length <= bins
      ? [...keys]
      : quantileRanks(totalRows(counts), bins).map((rank) => narrowRank(rank, counts, () => true).prefix);
  const inner = [...new Set(cuts)].filter((cut) => cut !== last);
  const beforeLast = keys[keys.length - 2];
  return inner.length === 0 && beforeLast !== undefined ? [beforeLast] : inner;
}

/**
 * The next digit of every rank: the key of `counts` in which the rank falls. `counts` holds rows by keys one digit longer
 * than the ranks' prefixes (the values themselves after the last digit).
 */
export function narrowRanks(
  ranks: readonly Rank[],
  counts: KeyCounts,
  belongs: (key: number, prefix: number) => boolean,
): Rank[] {
  return ranks.map((rank) => narrowRank(rank, counts, (key) => belongs(key, rank.prefix)));
}

function narrowRank({ rank, below }: Rank, counts: KeyCounts, belongs: (key: number) => boolean): Rank {
  let sum = below;
  let last: Rank = { rank, below, prefix: Number.NaN };
  for (const [index, key] of counts.keys.entries()) {
    if (!belongs(key)) continue;
    const rows = counts.rows[index] ?? 0;
    last = { rank, below: sum, prefix: key };
    if (sum + rows >= rank) return last;
    sum += rows;
  }
  return last;
}
