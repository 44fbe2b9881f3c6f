import { AssayError } from "@assay/schema";
import type { NumberColumn } from "../../columns.ts";

/** What a network is trained on, and how. */
export interface NetworkTraining {
  /** n rows each, without missing values; or a matrix of them. */
  readonly columns?: readonly NumberColumn[];
  /** Row-major: values[row × inputs + input]. */
  readonly matrix?: { readonly values: Float32Array; readonly inputs: number };
  /** The class of each row, from 0. */
  readonly labels: ArrayLike<number>;
  readonly classes: number;
  /** How much each row counts, not negative; 1 where it is not given. */
  readonly weights?: ArrayLike<number>;
  /** Units of the hidden layers: `[128, 64]`; none is a logistic regression. */
  readonly layers: readonly number[];
  /** Of the hidden layers. Default relu. */
  readonly activation?: "logistic" | "relu" | "tanh";
  /** How often all rows are gone through. Default 10. */
  readonly epochs?: number;
  /** Rows of a step. Default 32. */
  readonly batch?: number;
  /** Of Adam. Default 0.001. */
  readonly learningRate?: number;
  /** Draws first weights and the order of rows: the same seed gives the same network, bit by bit, on the same backend. Default 0. */
  readonly seed?: number;
  readonly signal?: AbortSignal;
  /** Called after each epoch with the mean loss that its steps met. */
  readonly onEpoch?: (epoch: number, loss: number) => void;
}

/** The same with its defaults, checked. */
export interface CheckedTraining {
  readonly rows: number;
  readonly inputs: number;
  /** Outputs of the last layer: one for two classes. */
  readonly outputs: number;
  readonly widths: readonly number[];
  readonly activation: "logistic" | "relu" | "tanh";
  readonly epochs: number;
  readonly batch: number;
  readonly learningRate: number;
  readonly seed: number;
  /** Writes a row of the inputs into a place of a batch. */
  readonly copyRow: (row: number, into: Float32Array, at: number) => void;
}

/** @throws AssayError data-invalid naming the row; usage for options out of their range */
export function checkTraining(training: NetworkTraining): CheckedTraining {
  const { columns, matrix, labels, classes, weights, layers } = training;
  const { activation = "relu", epochs = 10, batch = 32, learningRate = 0.001, seed = 0 } = training;
  const wrong = (message: string) => new AssayError("usage", `trainNetwork: ${message}`);
  const bad = (message: string) => new AssayError("data-invalid", `training: ${message}`);
  if ((columns === undefined) === (matrix === undefined)) throw wrong("give columns or a matrix");
  for (const [name, value] of Object.entries({ epochs, batch })) {
    if (!Number.isInteger(value) || value < 1) throw wrong(`${name} must be an integer from 1, got ${value}`);
  }
  if (!(learningRate > 0 && learningRate < 1e3)) throw wrong(`learningRate must be above 0, got ${learningRate}`);
  if (!Number.isSafeInteger(seed) || seed < 0) throw wrong(`seed must be an integer from 0, got ${seed}`);
  if (!Number.isInteger(classes) || classes < 2) throw wrong(`classes must be an integer from 2, got ${classes}`);
  const odd = layers.find((units) => !Number.isInteger(units) || units < 1 || units > 100_000);
  if (odd !== undefined) throw wrong(`layers are units from 1 to 100,000, got ${odd}`);
  const inputs = columns ? columns.length : (matrix?.inputs ?? 0);
  if (!Number.isInteger(inputs) || inputs < 1) throw bad("there are no columns");
  const rows = columns ? (columns[0]?.length ?? 0) : (matrix?.values.length ?? 0) / inputs;
  if (!Number.isInteger(rows)) throw bad(`a matrix of ${matrix?.values.length} values has no ${inputs} columns`);
  if (rows === 0) throw bad("there are no rows");
  for (const [index, column] of (columns ?? []).entries()) {
    if (column.length !== rows) throw bad(`column ${index} has ${column.length} rows, column 0 has ${rows}`);
  }
  for (const [place, list] of [...(columns ?? []), ...(matrix ? [matrix.values] : [])].entries()) {
    const missing = (list as Float32Array).findIndex((value) => !Number.isFinite(value));
    if (missing === -1) continue;
    const [row, column] = columns ? [missing, place] : [Math.floor(missing / inputs), missing % inputs];
    throw bad(`row ${row} of column ${column} is ${list[missing]}; networks know no missing values`);
  }
  if (labels.length !== rows) throw bad(`${labels.length} labels for ${rows} rows`);
  if (weights && weights.length !== rows) throw bad(`${weights.length} weights for ${rows} rows`);
  let total = 0;
  for (let row = 0; row < rows; row++) {
    const label = labels[row] ?? Number.NaN;
    if (!(Number.isInteger(label) && label >= 0 && label < classes)) {
      throw bad(`row ${row} has the label ${label}; labels are 0 to ${classes - 1}`);
    }
    const weight = weights ? (weights[row] ?? Number.NaN) : 1;
    if (!(weight >= 0 && Number.isFinite(weight))) {
      throw bad(`row ${row} has the weight ${weight}; weights are finite and not negative`);
    }
    total += weight;
  }
  if (!(total > 0)) throw bad("all weights are 0");
  const outputs = classes === 2 ? 1 : classes;
  return {
    rows,
    inputs,
    outputs,
    widths: [inputs, ...layers, outputs],
    activation,
    epochs,
    batch,
    learningRate,
    seed,
    copyRow: matrix
      ? (row, into, at) => into.set(matrix.values.subarray(row * inputs, (row + 1) * inputs), at)
      : (row, into, at) => {
          for (let column = 0; column < inputs; column++) into[at + column] = columns?.[column]?.[row] ?? 0;
        },
  };
}
