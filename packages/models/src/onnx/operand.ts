import { type Column, type NumberColumn, numbersOf } from "../columns.ts";
import type { StepLink } from "../program/links.ts";
import type { Fusible, Step } from "../program/program.ts";
import type { GraphNode } from "./graph.ts";
import type { Tensor } from "./proto/tensor.ts";

/** Element types that a program's columns hold. float, double: numbers; int64, int32: whole numbers; bool: 0 or 1. */
export type Element = "bool" | "double" | "float" | "int32" | "int64" | "string";

/** A value of n rows: one column per register, `dims` after the rows, last fastest. */
export interface Batch {
  readonly kind: "batch";
  readonly element: Element;
  readonly dims: readonly number[];
  readonly columns: readonly number[];
  /** The shape is [1, n] instead of [n], as ArrayFeatureExtractor makes it. */
  readonly sideways: boolean;
}

export interface Constant {
  readonly kind: "constant";
  readonly tensor: Tensor;
}

/** What ZipMap makes: the columns before it, and the classes they are of. */
export interface Maps {
  readonly kind: "maps";
  readonly batch: Batch;
}

export type Operand = Batch | Constant | Maps;

/** Why a graph is not compiled. Not a fault of the file: ONNX Runtime takes it then. */
export class NotCompiled extends Error {}

/** What operators compile with. */
export interface Builder {
  /** New registers for a batch; `from` are the registers it is made of. */
  batch(element: Element, dims: readonly number[]): Batch;
  push(step: Step): void;
}

export interface Operator {
  /** `""` is ai.onnx. */
  readonly domain: "" | "ai.onnx.ml";
  readonly name: string;
  /** One operand for each output. @throws NotCompiled; AssayError model-invalid */
  readonly compile: (node: GraphNode, inputs: readonly (Operand | null)[], build: Builder) => readonly Operand[];
}

/** Columns that a batch's dims make. */
export function width(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1);
}

/** The input as a batch of rows. @throws NotCompiled */
export function asBatch(node: GraphNode, operand: Operand | null | undefined): Batch {
  if (operand?.kind !== "batch")
    throw new NotCompiled(`${node.place} takes something that is not computed from the inputs`);
  if (operand.sideways) throw new NotCompiled(`${node.place} takes rows lying sideways`);
  return operand;
}

/** The input as a batch of numbers. @throws NotCompiled */
export function asNumbers(node: GraphNode, operand: Operand | null | undefined): Batch {
  const batch = asBatch(node, operand);
  if (batch.element === "string") throw new NotCompiled(`${node.place} takes texts`);
  return batch;
}

/** The input as a constant of numbers. @throws NotCompiled */
export function asNumericConstant(
  node: GraphNode,
  operand: Operand | null | undefined,
): Exclude<Tensor, { element: "string" }> {
  if (operand?.kind !== "constant")
    throw new NotCompiled(`${node.place} has a computed input where a constant is known`);
  if (operand.tensor.element === "string") throw new NotCompiled(`${node.place} has texts where numbers are known`);
  return operand.tensor;
}

export function isFloating(element: Element): boolean {
  return element === "float" || element === "double";
}

/** Numbers of an element type; float keeps the precision that its source column has. */
export function newColumn(element: Element, rows: number, source?: Column): NumberColumn {
  return element === "float" && !(source instanceof Float64Array) ? new Float32Array(rows) : new Float64Array(rows);
}

/** Pushes a step that makes each column of `from` anew, alone. */
export function mapColumns(
  build: Builder,
  from: Batch,
  element: Element,
  make: (column: NumberColumn, into: NumberColumn, index: number) => void,
  told: { readonly fuse?: Fusible | undefined; readonly link?: ((index: number) => StepLink) | undefined } = {},
): Batch {
  const { fuse, link } = told;
  const result = build.batch(element, from.dims);
  build.push({
    kind: "host",
    inputs: from.columns,
    outputs: result.columns,
    dependsOn: (output) => [output],
    run: (columns, rows) =>
      columns.map((column, index) => {
        const source = numbersOf(column);
        const into = newColumn(element, rows, from.element === "float" ? source : undefined);
        make(source, into, index);
        return into;
      }),
    ...(fuse ? { fuse } : {}),
    ...(link ? { links: from.columns.map((_, index) => link(index)) } : {}),
  });
  return result;
}
