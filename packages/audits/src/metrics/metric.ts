import type { ConfusionMetric } from "@assay/compute";
import type { LocalizedText } from "@assay/schema";
import type { Reference } from "../define.ts";

/** The confusion table of a binary decision: counts, weighted sums or shares of rows, all ≥ 0. */
export interface Confusion {
  readonly tp: number;
  readonly fp: number;
  readonly fn: number;
  readonly tn: number;
}

export type Cell = keyof Confusion;

/** A share: cells counted, among cells counted. */
export interface Share {
  readonly of: readonly Cell[];
  readonly among: readonly Cell[];
}

/**
 * How a metric is put together, which decides its intervals and tests:
 * - count: a number of rows, no interval;
 * - rate: one share, or a rising function of one (`curve`), so that the share's interval carries over;
 * - mean: the mean of two shares of different rows;
 * - table: any other function of the whole table.
 * `kernel` is the same formula in `@assay/compute`, for replicates.
 */
export type Shape =
  | { readonly kind: "count" }
  | { readonly kind: "rate"; readonly share: Share; readonly curve?: (share: number) => number }
  | { readonly kind: "mean"; readonly shares: readonly [Share, Share]; readonly kernel: ConfusionMetric }
  | {
      readonly kind: "table";
      readonly kernel: ConfusionMetric;
      /** Partial derivatives with respect to the four cells. */
      readonly gradient: (cells: Confusion) => Confusion;
    };

export interface Metric {
  readonly name: string;
  readonly label: LocalizedText;
  /** What the number says in plain words, as a clause: "of rows whose label is negative, the share decided positive". */
  readonly meaning: LocalizedText;
  readonly range: readonly [number, number];
  /** Which way is better for the rows concerned; `none` where the metric does not say. */
  readonly direction: "higher" | "lower" | "none";
  /** Which columns a row must have for this metric to count it. */
  readonly needs: "rows" | "decision" | "label" | "both";
  readonly shape: Shape;
  /** The value; NaN where it is not defined. Does not change when every cell is multiplied (but `count`). */
  readonly formula: (cells: Confusion) => number;
  /** The rows that the number stands on: a rate's denominator. */
  readonly rows: (cells: Confusion) => number;
  /** Why the value can be unknown. */
  readonly undefinedReason: string;
  readonly reference: Reference;
}

export function sumOf(cells: Confusion, names: readonly Cell[]): number {
  let sum = 0;
  for (const name of names) sum += cells[name];
  return sum;
}

export function shareOf(cells: Confusion, share: Share): number {
  const n = sumOf(cells, share.among);
  return n > 0 ? sumOf(cells, share.of) / n : Number.NaN;
}

/** All cells, as the denominator of metrics that every row enters. */
export const everyCell = ["tp", "fp", "fn", "tn"] as const satisfies readonly Cell[];

/** A metric that is one share. */
export function rateMetric(
  metric: Omit<Metric, "shape" | "formula" | "rows" | "range"> & { readonly share: Share },
): Metric {
  const { share, ...rest } = metric;
  return {
    ...rest,
    range: [0, 1],
    shape: { kind: "rate", share },
    formula: (cells) => shareOf(cells, share),
    rows: (cells) => sumOf(cells, share.among),
  };
}

export const scikitLearn = (page: string, of: string): Reference => ({
  of,
  citation: `scikit-learn user guide, ${page}`,
  url: "https://scikit-learn.org/stable/modules/model_evaluation.html",
});

/** Definitions and names of the confusion table's rates. */
export const fawcett = (of: string): Reference => ({
  of,
  citation: "T. Fawcett, An introduction to ROC analysis, Pattern Recognition Letters 27 (2006) 861–874",
  url: "https://doi.org/10.1016/j.patrec.2005.10.010",
});
