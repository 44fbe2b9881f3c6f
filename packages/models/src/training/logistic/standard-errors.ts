import { cholesky, solve } from "./cholesky.ts";
import type { Standard } from "./standardise.ts";

export interface StandardErrors {
  /** float64[columns], NaN for a column that is a combination of others. */
  readonly coefficients: Float64Array;
  readonly intercept: number;
}

/**
 * Square roots of the inverse Hessian's diagonal at the maximum of the likelihood, weights taken as repetitions of rows.
 * `hessian` is of the summed loss by the coefficients of standardised columns, the intercept last.
 */
export function standardErrorsOf(hessian: Float64Array, fixed: Uint8Array, standard: Standard): StandardErrors {
  const width = fixed.length;
  for (const [at, one] of fixed.entries()) {
    if (one === 0) continue;
    for (let other = 0; other < width; other++) {
      hessian[at * width + other] = 0;
      hessian[other * width + at] = 0;
    }
    hessian[at * width + at] = 1;
  }
  const factor = cholesky(hessian, width, 1e-15);
  const { means, scales, kept } = standard;
  const deviation = (of: Float64Array) => {
    const solved = solve(factor, of);
    return Math.sqrt(of.reduce((sum, value, at) => sum + value * (solved[at] ?? 0), 0));
  };
  const unit = (at: number, value: number) => {
    const made = new Float64Array(width);
    made[at] = value;
    return made;
  };
  // What is told is a combination of the coefficients of standardised columns.
  const intercept = unit(width - 1, 1);
  if (!kept)
    for (let at = 0; at < width - 1; at++) intercept[at] = fixed[at] === 1 ? 0 : -(means[at] ?? 0) / (scales[at] ?? 1);
  return {
    coefficients: Float64Array.from(means, (_, at) =>
      fixed[at] === 1 ? Number.NaN : deviation(unit(at, kept ? 1 : 1 / (scales[at] ?? 1))),
    ),
    intercept: deviation(intercept),
  };
}
