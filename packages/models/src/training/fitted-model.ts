import type { Column } from "../columns.ts";
import type { PredictOptions } from "../model.ts";
import type { InputEncoding } from "./encoding.ts";

/** A trained model, in memory. */
export interface FittedModel {
  /** In the order in which `predict` takes columns. */
  readonly inputs: readonly InputEncoding[];
  /** Null where it predicts numbers. */
  readonly classes: readonly string[] | null;
  /**
   * What `predict` gives for the rows it was prepared on, those too that did not take part: float64[rows × classes]
   * probabilities, row-major; or float64[rows].
   */
  readonly training: Float64Array;
  /**
   * Probabilities of each class, float64[rows × classes], row-major; or numbers, float64[rows].
   * @throws AssayError data-invalid for columns that do not fit; cancelled
   */
  predict(columns: readonly Column[], options: PredictOptions): Promise<Float64Array>;
  /**
   * A model file: an input for each column by its name, outputs `label` and `probabilities`, or `value`. Texts are encoded
   * inside. Opened, it gives what `predict` gives, in float32.
   */
  toModelBytes(format: "onnx"): Uint8Array<ArrayBuffer>;
}

/** [1 − p, p] of each row, row-major. */
export function bothClasses(second: Float64Array): Float64Array {
  const both = new Float64Array(2 * second.length);
  for (let row = 0; row < second.length; row++) {
    const p = second[row] ?? 0;
    both[2 * row] = 1 - p;
    both[2 * row + 1] = p;
  }
  return both;
}

/** Row-major from output after output. */
export function rowMajor(values: Float64Array, outputs: number): Float64Array {
  const rows = values.length / outputs;
  const turned = new Float64Array(values.length);
  for (let output = 0; output < outputs; output++) {
    for (let row = 0; row < rows; row++) turned[row * outputs + output] = values[output * rows + row] ?? 0;
  }
  return turned;
}
