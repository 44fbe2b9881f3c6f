import { type CodedTable, type Codes, coded, numbers } from "@assay/dataset";
import type { Roles } from "../../roles.ts";

/** How a feature's values become bins. Bin 0 is missing values; `missing` says whether there are any. */
export type Binning =
  /** Bin i + 1 holds values in (cuts[i − 1], cuts[i]]. */
  | { readonly kind: "number"; readonly name: string; readonly cuts: readonly number[]; readonly missing: boolean }
  /** Bin i + 1 is levels[i]; with `others`, one more bin for the rest. */
  | {
      readonly kind: "text";
      readonly name: string;
      readonly levels: readonly string[];
      readonly others: boolean;
      readonly missing: boolean;
    }
  /** A text with too many values to bin. */
  | { readonly kind: "skipped"; readonly name: string };

/** Bins, missing included; 1 for a feature that is skipped. */
export function binsOf(binning: Binning): number {
  if (binning.kind === "number") return binning.cuts.length + 2;
  return binning.kind === "text" ? binning.levels.length + 1 + (binning.others ? 1 : 0) : 1;
}

/** Bins of every row of a feature. */
export function binRows(rows: CodedTable, feature: Roles["features"][number], binning: Binning): Codes {
  const bins = binsOf(binning) <= 256 ? new Uint8Array(rows.rows) : new Uint16Array(rows.rows);
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
    const map = Uint16Array.of(0, ...levels.map((level) => place.get(level) ?? binning.levels.length + 1));
    // A level outside the list without an `others` bin occurs in no row with a decision: any bin will do.
    const last = binsOf(binning) - 1;
    for (let row = 0; row < bins.length; row++) bins[row] = Math.min(last, map[codes[row] ?? 0] ?? 0);
  }
  return bins;
}
