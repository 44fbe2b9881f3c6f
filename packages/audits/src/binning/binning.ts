import { type CodedTable, type Codes, type ColumnRequest, coded, numbers } from "@assay/dataset";

/** How a feature's values become bins. Bin 0 is missing values; `missing` says whether there are any. */
export type Binning =
  /** Bin i + 1 holds values in (cuts[i − 1], cuts[i]]. */
  | { readonly kind: "number"; readonly name: string; readonly cuts: readonly number[]; readonly missing: boolean }
  /**
   * Bin i + 1 is levels[i]; with `others`, one more bin for the rest. `finer` are values of that rest which the mutual
   * information looks at one by one and the tree, whose rules name values, does not.
   */
  | {
      readonly kind: "text";
      readonly name: string;
      readonly levels: readonly string[];
      readonly finer: readonly string[];
      readonly others: boolean;
      readonly missing: boolean;
    }
  /** A text with too many values to bin. */
  | { readonly kind: "skipped"; readonly name: string };

/** Bins of the tree, missing included; 1 for a feature that is skipped. */
export function binsOf(binning: Binning): number {
  if (binning.kind === "number") return binning.cuts.length + 2;
  return binning.kind === "text" ? binning.levels.length + 1 + (binning.others ? 1 : 0) : 1;
}

/** Bins of the mutual information: the tree's, then one more for each finer value. */
export function fineBinsOf(binning: Binning): number {
  return binsOf(binning) + (binning.kind === "text" ? binning.finer.length : 0);
}

/** Counts by fine bins, `width` cells each, as counts by the tree's bins: finer values join the others. */
export function foldFine(counts: Float64Array, binning: Binning, width: number): Float64Array {
  const kept = binsOf(binning) * width;
  const folded = counts.slice(0, kept);
  for (let cell = kept; cell < counts.length; cell++) {
    const into = kept - width + (cell % width);
    folded[into] = (folded[into] ?? 0) + (counts[cell] ?? 0);
  }
  return folded;
}

/** Bins of every row of a feature, the tree's or the finer ones. */
export function binRows(
  rows: CodedTable,
  feature: { readonly request: ColumnRequest },
  binning: Binning,
  fine: boolean,
): Codes {
  const size = fine ? fineBinsOf(binning) : binsOf(binning);
  const bins = size <= 256 ? new Uint8Array(rows.rows) : new Uint16Array(rows.rows);
  if (binning.kind === "number") {
    const { cuts } = binning;
    const { values } = numbers(rows, feature.request);
    for (let row = 0; row < bins.length; row++) {
      const value = values[row] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      let bin = 0;
      while (bin < cuts.length && value > (cuts[bin] ?? 0)) bin++;
      bins[row] = bin + 1;
    }
  } else if (binning.kind === "text") {
    const { levels, codes } = coded(rows, feature.request);
    const place = new Map(binning.levels.map((level, index) => [level, index + 1]));
    if (fine) for (const [index, level] of binning.finer.entries()) place.set(level, binsOf(binning) + index);
    const map = new Uint16Array(levels.length + 1);
    for (const [index, level] of levels.entries()) map[index + 1] = place.get(level) ?? binning.levels.length + 1;
    // A level outside the list without an `others` bin occurs in no row with a decision: any bin will do.
    const last = size - 1;
    for (let row = 0; row < bins.length; row++) bins[row] = Math.min(last, map[codes[row] ?? 0] ?? 0);
  }
  return bins;
}
