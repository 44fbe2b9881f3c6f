import { AssayError } from "@assay/schema";
import type { Targets, TrainingWatch } from "../training-table.ts";

/** Coefficients to begin a fit with, such as those of the fit before: of the same columns and classes. */
export interface LogisticStart {
  readonly coefficients: readonly Float64Array[];
  readonly intercepts: Float64Array;
}

/** Names and defaults are those of scikit-learn's LogisticRegression where it has them. */
export interface LogisticOptions extends Targets, TrainingWatch {
  /** Inverse of the penalty: Σ weight · loss + ‖coefficients‖² / (2 C) is made small; intercepts are free. Infinity: no penalty. Default 1. */
  readonly C?: number;
  /** The largest derivative of the mean loss, by coefficients of standardised columns, that counts as 0. Default 1e-8. */
  readonly tolerance?: number;
  /** Default 100; 10,000 where there are more than 500 coefficients. */
  readonly maxIterations?: number;
  readonly start?: LogisticStart;
  /** Tells standard errors, for two classes without penalty; costs a Hessian. Default false. */
  readonly standardErrors?: boolean;
}

export function checkOptions(
  { C = 1, tolerance = 1e-8, maxIterations = 1, start }: LogisticOptions,
  outputs: number,
  columns: number,
): void {
  const fail = (message: string) => new AssayError("usage", `logistic regression: ${message}`);
  if (!(C > 0)) throw fail(`C is ${C}; it is above 0, Infinity for no penalty`);
  if (!(tolerance > 0)) throw fail(`tolerance is ${tolerance}; it is above 0`);
  if (!Number.isInteger(maxIterations) || maxIterations < 1) throw fail(`maxIterations is ${maxIterations}`);
  if (!start) return;
  const fits =
    start.coefficients.length === outputs &&
    start.intercepts.length === outputs &&
    start.coefficients.every((row) => row.length === columns && row.every(Number.isFinite)) &&
    start.intercepts.every(Number.isFinite);
  if (!fits) throw fail(`start is not ${outputs} × ${columns} finite coefficients with their intercepts`);
}
