import { AssayError } from "@assay/schema";
import type { NumberColumn } from "../../columns.ts";
import type { LogisticStart } from "./options.ts";

/** Means and deviations of columns. A fit goes over standardised columns whatever it is asked for: that is exact, and well conditioned. */
export interface Standard {
  readonly means: Float64Array;
  /** Deviations as NumPy's std has them; 1 for a column that does not vary. */
  readonly scales: Float64Array;
  /** Coefficients told, and the penalty, are of standardised columns too. */
  readonly kept: boolean;
}

/**
 * @throws AssayError data-invalid for a value that is missing or infinite, with its column and row, and where no column varies
 */
export function standardOf(columns: readonly NumberColumn[], names: readonly string[], kept: boolean): Standard {
  let varying = false;
  const means = new Float64Array(columns.length);
  const scales = new Float64Array(columns.length).fill(1);
  for (const [index, column] of columns.entries()) {
    const first = column[0] ?? 0;
    let constant = true;
    let sum = 0;
    for (let row = 0; row < column.length; row++) {
      const value = column[row] ?? Number.NaN;
      if (value - value !== 0) {
        const what = Number.isNaN(value) ? "missing" : String(value);
        throw new AssayError(
          "data-invalid",
          `logistic regression: column ${names[index]}, row ${row} is ${what}; fill it, or leave such rows out`,
        );
      }
      constant &&= value === first;
      sum += value;
    }
    const mean = constant ? first : sum / column.length;
    means[index] = mean;
    if (constant) continue;
    varying = true;
    let squares = 0;
    for (let row = 0; row < column.length; row++) squares += ((column[row] ?? 0) - mean) ** 2;
    scales[index] = Math.sqrt(squares / column.length) || 1;
  }
  if (!varying) {
    throw new AssayError("data-invalid", "logistic regression: no column varies; there is nothing to learn from");
  }
  return { means, scales, kept };
}

export function standardised(columns: readonly NumberColumn[], { means, scales }: Standard): Float64Array[] {
  return columns.map((column, index) => {
    const [mean = 0, scale = 1] = [means[index], scales[index]];
    const made = new Float64Array(column.length);
    for (let row = 0; row < made.length; row++) made[row] = ((column[row] ?? 0) - mean) / scale;
    return made;
  });
}

/** Coefficients of standardised columns, output after output with the intercept last, from those told. */
export function toStandard(
  { coefficients, intercepts }: LogisticStart,
  { means, scales, kept }: Standard,
): Float64Array {
  return Float64Array.from(
    coefficients.flatMap((row, output) => {
      let intercept = intercepts[output] ?? 0;
      const own = Array.from(row, (value, column) => {
        if (kept) return value;
        intercept += value * (means[column] ?? 0);
        return value * (scales[column] ?? 1);
      });
      return [...own, intercept];
    }),
  );
}

/** The coefficients to tell. */
export function fromStandard(
  v: Float64Array,
  outputs: number,
  { means, scales, kept }: Standard,
): { readonly coefficients: readonly Float64Array[]; readonly intercepts: Float64Array } {
  const width = means.length + 1;
  const intercepts = new Float64Array(outputs);
  const coefficients = Array.from({ length: outputs }, (_, output) => {
    const own = v.subarray(output * width, (output + 1) * width);
    let intercept = own[width - 1] ?? 0;
    const row = own.slice(0, width - 1);
    if (!kept) {
      for (let column = 0; column < row.length; column++) {
        row[column] = (row[column] ?? 0) / (scales[column] ?? 1);
        intercept -= (row[column] ?? 0) * (means[column] ?? 0);
      }
    }
    intercepts[output] = intercept;
    return row;
  });
  return { coefficients, intercepts };
}
