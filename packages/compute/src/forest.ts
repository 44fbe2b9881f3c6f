/**
 * A sum of decision trees over float32 columns; what `forest` predicts and `tree-shap` explains.
 *
 * Node i is inner where `column[i]` ≥ 0: a row goes left where its value x in that column is ≤ `threshold[i]` (or equal
 * to it, with `byEquality`), else right; a missing x (NaN) goes left only with `missingLeft`. The thresholds are float32,
 * as the values are: see `floorFloat32` for thresholds of higher precision.
 * Node i is a leaf where `column[i]` is −1: it adds `leafValue[k]` to output `leafOutput[k]` for every k from `left[i]` to
 * `right[i]` − 1.
 */
export interface Forest {
  /** Columns a row has. */
  readonly inputs: number;
  readonly outputs: number;
  /** float64[outputs]: what every row's sums begin with. */
  readonly base: Float64Array;
  /** u32[trees]: the root node of each tree. No node is reached on two ways. */
  readonly roots: Uint32Array;
  readonly column: Int32Array;
  readonly threshold: Float32Array;
  /** Bits: `byEquality`, `missingLeft`. */
  readonly rule: Uint8Array;
  readonly left: Uint32Array;
  readonly right: Uint32Array;
  readonly leafOutput: Uint32Array;
  readonly leafValue: Float64Array;
  /** float64[nodes]: the training weight that came to each node, where the model tells; for path-dependent Shapley values. */
  readonly cover: Float64Array | null;
}

export const byEquality = 1;
export const missingLeft = 2;

/** Whether a row whose value in the column of an inner node is `value` goes left there. */
export function goesLeft(forest: Forest, node: number, value: number): boolean {
  const rule = forest.rule[node] ?? 0;
  if (Number.isNaN(value)) return (rule & missingLeft) !== 0;
  const threshold = forest.threshold[node] ?? Number.NaN;
  return (rule & byEquality) !== 0 ? value === threshold : value <= threshold;
}

/** The largest float32 ≤ value: for float32 x, x ≤ value exactly where x ≤ floorFloat32(value). */
export function floorFloat32(value: number): number {
  const near = Math.fround(value);
  return near <= value || Number.isNaN(value) ? near : previousFloat32(near);
}

/** The largest float32 below a float32: for float32 x, x < value exactly where x ≤ previousFloat32(value). */
export function previousFloat32(value: number): number {
  if (value === 0) return -1.401298464324817e-45;
  if (Number.isNaN(value) || value === Number.NEGATIVE_INFINITY) return value;
  const number = Float32Array.of(value);
  const bits = new Uint32Array(number.buffer);
  bits[0] = (bits[0] ?? 0) + (value > 0 ? -1 : 1);
  return number[0] ?? Number.NaN;
}
