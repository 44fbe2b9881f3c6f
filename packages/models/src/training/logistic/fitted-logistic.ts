import { exp } from "@assay/compute";
import type { Column, NumberColumn } from "../../columns.ts";
import type { PredictOptions } from "../../model.ts";
import { softmax } from "../../onnx/post-transform.ts";
import { writeLinearClassifier } from "../../onnx/write/linear-classifier.ts";
import { encodeColumns, type InputEncoding } from "../encoding.ts";
import { bothClasses, type FittedModel, rowMajor } from "../fitted-model.ts";
import { throwIfAborted } from "../training-table.ts";
import type { StandardErrors } from "./standard-errors.ts";

/** Columns are multiplied as (x − offset) · scale. */
export interface Scaler {
  readonly offset: Float64Array;
  readonly scale: Float64Array;
}

export interface LogisticFit {
  /** float64[columns] of the second of two classes, or of each class. */
  readonly coefficients: readonly Float64Array[];
  readonly intercepts: Float64Array;
  readonly inputs: readonly InputEncoding[];
  readonly classes: readonly string[];
  /** Names of the columns that coefficients are of. */
  readonly features: readonly string[];
  /** What coefficients are of, where that is standardised columns. */
  readonly scaler: Scaler | null;
  /**
   * `converged`. `separable`: there is no penalty and a plane separates classes, wholly or but for rows on it: the best
   * coefficients are infinite, and those here are where the search ended. `stalled`: rounding ended the search before the
   * tolerance. `iteration-limit`.
   */
  readonly status: "converged" | "iteration-limit" | "separable" | "stalled";
  readonly iterations: number;
  /** The largest derivative of the mean loss with its penalty, by coefficients of standardised columns. */
  readonly gradient: number;
  /** Columns whose coefficients grow without end, where `separable`. */
  readonly diverging: readonly string[];
  /** Columns that are combinations of others, where there is no penalty; their coefficients are 0. */
  readonly dependent: readonly string[];
  readonly standardErrors: StandardErrors | null;
  /** float64[outputs × rows], as the kernel gives them. */
  readonly probabilities: Float64Array;
}

/** A logistic regression: p = σ(x · coefficients + intercept), of several classes the softmax. */
export class FittedLogistic implements FittedModel {
  readonly coefficients: readonly Float64Array[];
  readonly intercepts: Float64Array;
  readonly inputs: readonly InputEncoding[];
  readonly classes: readonly string[];
  readonly features: readonly string[];
  readonly scaler: Scaler | null;
  readonly status: LogisticFit["status"];
  readonly iterations: number;
  readonly gradient: number;
  readonly diverging: readonly string[];
  readonly dependent: readonly string[];
  readonly standardErrors: StandardErrors | null;
  readonly training: Float64Array;

  constructor(fit: LogisticFit) {
    this.coefficients = fit.coefficients;
    this.intercepts = fit.intercepts;
    this.inputs = fit.inputs;
    this.classes = fit.classes;
    this.features = fit.features;
    this.scaler = fit.scaler;
    this.status = fit.status;
    this.iterations = fit.iterations;
    this.gradient = fit.gradient;
    this.diverging = fit.diverging;
    this.dependent = fit.dependent;
    this.standardErrors = fit.standardErrors;
    this.training =
      fit.classes.length === 2 ? bothClasses(fit.probabilities) : rowMajor(fit.probabilities, fit.classes.length);
  }

  async predict(columns: readonly Column[], { signal }: Pick<PredictOptions, "signal">): Promise<Float64Array> {
    throwIfAborted(signal);
    const features = encodeColumns(this.inputs, columns);
    const scores = this.coefficients.map((row, output) => this.#scores(features, row, this.intercepts[output] ?? 0));
    const [only] = scores;
    if (only && scores.length === 1) return bothClasses(only.map(sigmoid));
    const rows = only?.length ?? 0;
    const made = softmax(scores, rows);
    const values = new Float64Array(rows * made.length);
    for (const [output, column] of made.entries()) {
      for (let row = 0; row < rows; row++) values[row * made.length + output] = column[row] ?? 0;
    }
    return values;
  }

  toModelBytes(_format: "onnx"): Uint8Array<ArrayBuffer> {
    return writeLinearClassifier(this);
  }

  #scores(features: readonly NumberColumn[], coefficients: Float64Array, intercept: number): Float64Array {
    const sums = new Float64Array(features[0]?.length ?? 0).fill(intercept);
    for (const [index, column] of features.entries()) {
      const coefficient = coefficients[index] ?? 0;
      const minus = this.scaler?.offset[index] ?? 0;
      const times = coefficient * (this.scaler?.scale[index] ?? 1);
      for (let row = 0; row < sums.length; row++) sums[row] = (sums[row] ?? 0) + times * ((column[row] ?? 0) - minus);
    }
    return sums;
  }
}

function sigmoid(score: number): number {
  const e = exp(-Math.abs(score));
  return (score < 0 ? e : 1) / (1 + e);
}
