import type { LocalizedText } from "@assay/schema";
import type { ModelOutputs } from "../../../audit-model.ts";

/** The truth of the rows that are scored: each has a label. */
export interface Truth {
  readonly rows: number;
  /** u8[rows]: 1 where the label is the positive class; null where none is named. */
  readonly positive: Uint8Array | null;
  /** u32[rows]: places of the labels among the model's classes, `unknownClass` for a label that is none; null without classes. */
  readonly classes: Uint32Array | null;
}

export const unknownClass = 0xffffffff;

/** A score that importance is told in: what is lost of it when a feature is shuffled. */
export interface ImportanceScore {
  readonly name: string;
  readonly label: LocalizedText;
  readonly direction: "higher" | "lower";
  /** What the model must give. */
  readonly needs: "decision" | "predicted" | "score";
  /**
   * The score, NaN where it is not defined. Adds factor × the influence of each row on it to `into`: the score of the
   * rows is, to first order, the score of the population plus the mean of the influences.
   */
  evaluate(truth: Truth, outputs: ModelOutputs, into: Float64Array, factor: number): number;
}
