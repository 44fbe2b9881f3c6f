import { binsOf } from "../../binning/binning.ts";
import type { ColumnBins } from "./search-bins.ts";

/** Groups that up to `depth` columns can describe, whether anybody is in them or not: sums of products of bins. */
export function groupsThereAre(columns: readonly (ColumnBins | null)[], depth: number): number {
  // sums[size]: groups described by exactly so many of the columns seen so far.
  const sums = new Array<number>(depth + 1).fill(0);
  sums[0] = 1;
  for (const column of columns) {
    if (!column || column.binning.kind === "skipped") continue;
    const bins = binsOf(column.binning) - (column.binning.missing ? 0 : 1);
    for (let size = depth; size > 0; size--) sums[size] = (sums[size] ?? 0) + (sums[size - 1] ?? 0) * bins;
  }
  return sums.slice(1).reduce((sum, count) => sum + count, 0);
}
