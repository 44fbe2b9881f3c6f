import type { GraphNode } from "../graph.ts";
import { asBatch, asNumericConstant, type Batch, NotCompiled, type Operand, type Operator, width } from "../operand.ts";

/*
 * Operators that only name the shape anew: rows stay first, columns stay where they are.
 */

export const dropoutOperator: Operator = {
  domain: "",
  name: "Dropout",
  compile: (node, [input]) => {
    if (node.outputs.length > 1) throw new NotCompiled(`${node.place} gives its mask`);
    return [asBatch(node, input)];
  },
};

export const flattenOperator: Operator = {
  domain: "",
  name: "Flatten",
  compile: (node, [input]) => {
    const batch = asBatch(node, input);
    if ((node.int("axis") ?? 1) !== 1) throw new NotCompiled(`${node.place} has axis ${node.int("axis")}`);
    return [{ ...batch, dims: [width(batch.dims)] }];
  },
};

export const identityOperator: Operator = {
  domain: "",
  name: "Identity",
  compile: (node, [input]) => {
    if (!input) throw node.fault("no input");
    return [input];
  },
};

export const reshapeOperator: Operator = {
  domain: "",
  name: "Reshape",
  compile: (node, [input, shape]) => {
    if (input?.kind !== "batch")
      throw new NotCompiled(`${node.place} takes something that is not computed from the inputs`);
    const wanted = node.version < 5 ? [...node.ints("shape")] : [...asNumericConstant(node, shape).values];
    return [reshaped(node, input, wanted)];
  },
};

/** Rows first and kept: [-1, …] or [0, …] with the columns there are. */
function reshaped(node: GraphNode, batch: Batch, wanted: readonly number[]): Batch {
  const refuse = () =>
    new NotCompiled(`${node.place} makes shape [${wanted.join(", ")}] of rows of [${batch.dims.join(", ")}]`);
  const [rows, ...dims] = wanted;
  const columns = width(batch.dims);
  if (batch.sideways && rows === 0) throw refuse();
  const filled = dims.map((dim, axis) => (dim === 0 && !batch.sideways ? (batch.dims[axis] ?? 0) : dim));
  if (rows === 0 && filled.filter((dim) => dim === -1).length === 1) {
    const others = filled.reduce((product, dim) => (dim === -1 ? product : product * dim), 1);
    return { ...batch, dims: filled.map((dim) => (dim === -1 ? columns / others : dim)) };
  }
  if (!(rows === -1 || rows === 0) || filled.some((dim) => dim < 1) || width(filled) !== columns) throw refuse();
  return { ...batch, dims: filled, sideways: false };
}

/** Axes of Squeeze and Unsqueeze: an attribute before opset 13, then an input. */
function axesOf(node: GraphNode, axes: Operand | null | undefined, rank: number): number[] | null {
  const values =
    node.version < 13
      ? node.has("axes")
        ? [...node.ints("axes")]
        : null
      : axes
        ? [...asNumericConstant(node, axes).values]
        : null;
  return values?.map((axis) => (axis < 0 ? axis + rank : axis)) ?? null;
}

export const squeezeOperator: Operator = {
  domain: "",
  name: "Squeeze",
  compile: (node, [input, axes]) => {
    const batch = asBatch(node, input);
    const dropped = axesOf(node, axes, batch.dims.length + 1);
    if (!dropped || dropped.some((axis) => axis < 1 || batch.dims[axis - 1] !== 1)) {
      throw new NotCompiled(`${node.place} drops axes that may hold rows`);
    }
    return [{ ...batch, dims: batch.dims.filter((_, axis) => !dropped.includes(axis + 1)) }];
  },
};

export const unsqueezeOperator: Operator = {
  domain: "",
  name: "Unsqueeze",
  compile: (node, [input, axes]) => {
    const batch = asBatch(node, input);
    const [axis, ...others] = axesOf(node, axes, batch.dims.length + 2) ?? [];
    if (axis === undefined || others.length > 0 || axis < 1 || axis > batch.dims.length + 1) {
      throw new NotCompiled(`${node.place} adds axes before the rows`);
    }
    return [{ ...batch, dims: [...batch.dims.slice(0, axis - 1), 1, ...batch.dims.slice(axis - 1)] }];
  },
};
