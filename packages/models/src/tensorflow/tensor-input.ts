import type { AssayError } from "@assay/schema";
import type { DataType, Tensor } from "@tensorflow/tfjs-core";
import { type Column, isText, type NumberColumn } from "../columns.ts";
import type { ModelInput } from "../model.ts";
import { modelError, shown } from "../model-error.ts";
import type { Core } from "./runtime.ts";

/** Wider inputs are no table, and every column is an input of the model. */
const mostColumns = 1_000_000;

/** A tensor that a model takes: rows, each of shape `dims`. */
export interface TensorInput {
  readonly name: string;
  readonly dims: readonly number[];
  /** Rows a batch must have, where the file fixes them. */
  readonly batch: number | null;
  readonly dtype: "bool" | "float32" | "int32" | "string";
  readonly inputs: readonly ModelInput[];
}

/**
 * What a tensor takes, as columns; one of several axes takes them row-major: an image of 28 × 28 × 1 takes 784. A width
 * that the file leaves open is `columns`.
 * @throws AssayError model-invalid, not-supported naming the input
 */
export function tensorInput(
  file: string,
  name: string,
  shape: readonly (number | null)[] | null,
  dtype: string,
  columns: number | null,
): TensorInput {
  const fault = (message: string, code?: AssayError["code"]) => modelError(file, `input ${shown(name)}`, message, code);
  if (dtype !== "bool" && dtype !== "float32" && dtype !== "int32" && dtype !== "string") {
    throw fault(`takes ${dtype}; inputs of bool, float32, int32 and string are given`, "not-supported");
  }
  if (shape === null) throw fault("does not say its shape; export the model with one", "not-supported");
  if (shape.length === 0) throw fault("takes one number, not rows", "not-supported");
  if (shape.length > 6) throw fault(`takes tensors of ${shape.length} axes; up to 6 are fed`, "not-supported");
  const [first = null, ...rest] = shape;
  if (first !== null && !(first >= 1 && first <= mostColumns)) throw fault(`has ${first} rows`);
  const dims = rest.map((dim) => {
    if (dim !== null && Number.isInteger(dim) && dim >= 1) return dim;
    if (rest.length > 1) {
      const text = shape.map((one) => one ?? "open").join(", ");
      throw fault(`leaves open the shape [${text}] after its rows; export the model with a fixed one`, "not-supported");
    }
    if (columns === null) throw fault("does not say how many columns it takes; export the model with a fixed number");
    return columns;
  });
  const width = dims.reduce((product, dim) => product * dim, 1);
  if (!(width <= mostColumns)) throw fault(`takes ${width} columns`, "not-supported");
  return {
    name,
    dims,
    batch: first,
    dtype,
    inputs: Array.from({ length: width }, (_, place) => ({
      name: width === 1 ? name : `${name}[${place}]`,
      kind: dtype === "string" ? "category" : "number",
      tensor: name,
      place,
      whole: dtype === "int32" || dtype === "bool",
    })),
  };
}

/**
 * Columns as tensors, a tensor for each input; rows beyond those given repeat the last, where the file fixes how many
 * there are.
 */
export function feedTensors(
  core: Core,
  inputs: readonly TensorInput[],
  columns: readonly Column[],
  rows: number,
): readonly Tensor[] {
  let at = 0;
  return inputs.map(({ dims, dtype, inputs: own }) => {
    const given = columns.slice(at, at + own.length);
    at += own.length;
    return core.tensor(valuesOf(dtype, given, rows), [rows, ...dims], dtype satisfies DataType);
  });
}

function valuesOf(dtype: TensorInput["dtype"], columns: readonly Column[], rows: number) {
  const width = columns.length;
  if (dtype === "string") {
    const texts = new Array<string>(rows * width).fill("");
    for (const [place, column] of columns.entries()) {
      if (!isText(column)) continue;
      for (let row = 0; row < rows; row++) {
        texts[row * width + place] = column.levels[column.codes[Math.min(row, column.codes.length - 1)] ?? 0] ?? "";
      }
    }
    return texts;
  }
  const Values = dtype === "float32" ? Float32Array : dtype === "int32" ? Int32Array : Uint8Array;
  const values = new Values(rows * width);
  for (const [place, column] of columns.entries()) {
    const numbers = column as NumberColumn;
    for (let row = 0; row < rows; row++) values[row * width + place] = numbers[Math.min(row, numbers.length - 1)] ?? 0;
  }
  return values;
}
