import type { LocalizedText } from "@assay/schema";
import type { Reference } from "../../define.ts";

/** What every multiclass metric here is a function of: diagonal and margins of a confusion table, or weighted sums. */
export interface ClassSums {
  readonly total: number;
  /** Per class: rows of the class predicted as it; rows of the class; rows predicted as it. */
  readonly right: Float64Array;
  readonly truth: Float64Array;
  readonly predicted: Float64Array;
}

/**
 * How a metric's interval is found.
 * - share: the share of rows predicted as their label says (Wilson);
 * - mean: the mean over classes of the share of their `margin` that is right (MOVER over Wilson's); a class whose share is
 *   not defined counts `missing`: as 0 where it occurs at all, as in scikit-learn's averages, or is left out;
 * - table: any other function of the table (BCa over multinomial draws of its cells).
 */
export type ClassShape =
  | { readonly kind: "share" }
  | { readonly kind: "mean"; readonly margin: Margin; readonly missing: "zero" | "left-out" }
  | { readonly kind: "table" };

/** truth: of the rows of a class (recall). predicted: of the rows predicted as it (precision). */
export type Margin = "truth" | "predicted";

/** Partial derivatives of a metric with respect to the sums: one number per class, and one for the total. */
export interface ClassSlopes {
  readonly right: Float64Array;
  readonly truth: Float64Array;
  readonly predicted: Float64Array;
  readonly total: number;
}

/** A metric of a confusion table of two or more classes. */
export interface ClassMetric {
  readonly name: string;
  readonly label: LocalizedText;
  /** What the number says in plain words, as a clause. */
  readonly meaning: LocalizedText;
  readonly range: readonly [number, number];
  readonly shape: ClassShape;
  /** The value; NaN where it is not defined. Does not change when all sums are multiplied. */
  readonly formula: (sums: ClassSums) => number;
  /** Of a table metric that groups are compared by. */
  readonly slopes?: (sums: ClassSums) => ClassSlopes;
  readonly undefinedReason: string;
  readonly reference: Reference;
}

/** Recall (truth) or precision (predicted) of a class; NaN where the margin is empty. */
export function shareOfClass(sums: ClassSums, margin: Margin, index: number): number {
  const n = sums[margin][index] ?? 0;
  return n > 0 ? (sums.right[index] ?? 0) / n : Number.NaN;
}

/**
 * Whether a class is the truth or the prediction of any row: scikit-learn's averages run over those. It looks at rows, this
 * at weights: rows of weight 0 stand for nothing.
 */
export function occurs(sums: ClassSums, index: number): boolean {
  return (sums.truth[index] ?? 0) > 0 || (sums.predicted[index] ?? 0) > 0;
}

/** F1 of a class; NaN where it does not occur. */
export function f1Of(sums: ClassSums, index: number): number {
  if (!occurs(sums, index)) return Number.NaN;
  return (2 * (sums.right[index] ?? 0)) / ((sums.truth[index] ?? 0) + (sums.predicted[index] ?? 0));
}

/** The mean over classes of recall or precision. */
export function meanShare(sums: ClassSums, margin: Margin, missing: "zero" | "left-out"): number {
  let sum = 0;
  let classes = 0;
  for (let index = 0; index < sums.truth.length; index++) {
    const share = shareOfClass(sums, margin, index);
    if (!Number.isNaN(share)) sum += share;
    if (isCounted(sums, share, missing, index)) classes++;
  }
  return classes > 0 ? sum / classes : Number.NaN;
}

/** Whether a class of this share enters a mean over classes. */
export function isCounted(sums: ClassSums, share: number, missing: "zero" | "left-out", index: number): boolean {
  return !Number.isNaN(share) || (missing === "zero" && occurs(sums, index));
}

/** The mean over classes, weighted by the rows of each: `Σ truth × value / total`. */
export function supportMean(sums: ClassSums, value: (sums: ClassSums, index: number) => number): number {
  let sum = 0;
  for (let index = 0; index < sums.truth.length; index++) {
    const rows = sums.truth[index] ?? 0;
    if (rows > 0) sum += rows * value(sums, index);
  }
  return sums.total > 0 ? sum / sums.total : Number.NaN;
}

/** Slopes of a metric without any yet, for as many classes as the sums have. */
export function noSlopes(sums: ClassSums): Omit<ClassSlopes, "total"> {
  const classes = sums.truth.length;
  return {
    right: new Float64Array(classes),
    truth: new Float64Array(classes),
    predicted: new Float64Array(classes),
  };
}

export const scikitReport = (of: string): Reference => ({
  of,
  citation: "scikit-learn user guide, classification metrics (classification_report, zero_division=0)",
  url: "https://scikit-learn.org/stable/modules/model_evaluation.html#classification-report",
});
