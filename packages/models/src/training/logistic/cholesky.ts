/** Lower triangular factor of a symmetric positive definite matrix, and the coordinates that were left out of it. */
export interface Factor {
  readonly size: number;
  /** float64[size × size], row-major: L with L Lᵀ = A over the coordinates that are in. */
  readonly lower: Float64Array;
  /** u8[size]: 1 for a coordinate whose column is a combination of those before it. */
  readonly dependent: Uint8Array;
}

/**
 * Cholesky's factorisation of float64[size × size]. A pivot of at most `tolerance` times its diagonal is rounding: the
 * coordinate is a combination of those before it, and is left out, as R's lm leaves such columns out.
 */
export function cholesky(matrix: Float64Array, size: number, tolerance: number): Factor {
  const lower = new Float64Array(size * size);
  const dependent = new Uint8Array(size);
  for (let row = 0; row < size; row++) {
    const own = row * size;
    for (let column = 0; column <= row; column++) {
      const other = column * size;
      let sum = matrix[own + column] ?? 0;
      for (let k = 0; k < column; k++) sum -= (lower[own + k] ?? 0) * (lower[other + k] ?? 0);
      if (column < row) {
        lower[own + column] = dependent[column] === 1 ? 0 : sum / (lower[other + column] ?? 1);
        continue;
      }
      if (sum > tolerance * (matrix[own + row] ?? 0)) lower[own + row] = Math.sqrt(sum);
      else {
        dependent[row] = 1;
        lower[own + row] = 1;
        lower.fill(0, own, own + row);
      }
    }
  }
  return { size, lower, dependent };
}

/** x with A x = b; 0 in the coordinates left out. */
export function solve({ size, lower, dependent }: Factor, b: Float64Array): Float64Array {
  const x = b.slice();
  for (let row = 0; row < size; row++) {
    if (dependent[row] === 1) {
      x[row] = 0;
      continue;
    }
    let sum = x[row] ?? 0;
    for (let k = 0; k < row; k++) sum -= (lower[row * size + k] ?? 0) * (x[k] ?? 0);
    x[row] = sum / (lower[row * size + row] ?? 1);
  }
  for (let row = size - 1; row >= 0; row--) {
    let sum = x[row] ?? 0;
    for (let k = row + 1; k < size; k++) sum -= (lower[k * size + row] ?? 0) * (x[k] ?? 0);
    x[row] = dependent[row] === 1 ? 0 : sum / (lower[row * size + row] ?? 1);
  }
  return x;
}
