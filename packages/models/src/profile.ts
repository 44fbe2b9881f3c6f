import type { LocalizedText } from "@assay/schema";

/** Tests of inner nodes that a row meets on its ways through all trees. */
export interface Comparisons {
  readonly mean: number;
  readonly most: number;
  /** What the mean is over: rows that the file says came to each leaf, or leaves alike. */
  readonly over: "covers" | "leaves";
}

/**
 * What one layer costs for one row, as the file's shapes tell it. A number that is not known is null, never 0, and `unknown`
 * says why.
 */
export interface LayerProfile {
  /** The node's name, else that of its first output. */
  readonly name: string;
  /** The file's word for it: `Gemm`. */
  readonly operator: string;
  /** Of its first output, rows first; null where it is not known or no tensor. */
  readonly shape: readonly number[] | null;
  /** Learned numbers that it is the first to read. */
  readonly parameters: number;
  /** Bytes of these as the file's types have them. */
  readonly weightBytes: number;
  /** Of products of matrices, convolutions and recurrent layers. */
  readonly multiplyAccumulates: number | null;
  /** Floating-point operations: two of each multiply-accumulate, and what is done element by element. */
  readonly operations: number | null;
  /** Of trees; null for all else. */
  readonly comparisons: Comparisons | null;
  /** Bytes of numbers read that are no weights. Texts are not counted. */
  readonly inputBytes: number | null;
  /** Bytes of numbers made; 0 where the layer only gives what it took another shape. Texts are not counted. */
  readonly activationBytes: number | null;
  readonly unknown: string | null;
}

/** What a model costs for one row, layer by layer, in an order in which they run. */
export interface ModelProfile {
  readonly layers: readonly LayerProfile[];
  /** Most bytes of inputs and activations that are needed at one time; null where a layer's are not known. */
  readonly peakActivationBytes: number | null;
  /** Bytes of the model's own inputs for one row. Texts are not counted. */
  readonly inputBytes: number;
  /** The row that all this speaks of, where rows differ in what they cost: `a text of 128 tokens`. */
  readonly per?: LocalizedText;
}

/** A sum over layers; `complete` is false where some of them are not known, and `value` is then the least it can be. */
export interface ProfileSum {
  readonly value: number;
  readonly complete: boolean;
}

export interface ProfileTotals {
  readonly parameters: number;
  readonly weightBytes: number;
  readonly multiplyAccumulates: ProfileSum;
  readonly operations: ProfileSum;
  readonly activationBytes: ProfileSum;
  readonly comparisons: Comparisons | null;
}

export function profileTotals({ layers }: ModelProfile): ProfileTotals {
  const sum = (of: (layer: LayerProfile) => number | null): ProfileSum => ({
    value: layers.reduce((total, layer) => total + (of(layer) ?? 0), 0),
    complete: layers.every((layer) => of(layer) !== null),
  });
  const trees = layers.flatMap(({ comparisons }) => (comparisons === null ? [] : [comparisons]));
  return {
    parameters: sum((layer) => layer.parameters).value,
    weightBytes: sum((layer) => layer.weightBytes).value,
    multiplyAccumulates: sum((layer) => layer.multiplyAccumulates),
    operations: sum((layer) => layer.operations),
    activationBytes: sum((layer) => layer.activationBytes),
    comparisons:
      trees.length === 0
        ? null
        : {
            mean: trees.reduce((total, { mean }) => total + mean, 0),
            most: trees.reduce((total, { most }) => total + most, 0),
            over: trees.every(({ over }) => over === "covers") ? "covers" : "leaves",
          },
  };
}
