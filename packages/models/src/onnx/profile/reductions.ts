import type { GraphNode } from "../graph.ts";
import type { ElementType } from "../proto/model-proto.ts";
import { axisOf, intsAt, isFloat, type Known, made, type Rule, type Rules, shapeAt, sizeOf } from "./known.ts";
import { windowed } from "./windows.ts";

/*
 * Many elements become one, or each is set against the others of its axis. Operations are those of the definition, counted one
 * by one; for n elements a softmax takes their maximum (n − 1), differences (n), exponentials (n), sum (n − 1), quotients (n).
 */

/** `each` operations for every element of the input. */
function reduce(each: number): Rule {
  return (node, inputs) => {
    const from = shapeAt(inputs, 0);
    const given = inputs[1] ? intsAt(inputs, 1) : [...node.ints("axes")];
    const idle = given.length === 0 && node.int("noop_with_empty_axes") === 1;
    const axes = given.length > 0 ? given.map((axis) => axisOf(axis, from.length)) : idle ? [] : [...from.keys()];
    const keep = (node.int("keepdims") ?? 1) === 1;
    const shape = from.flatMap((dim, axis) => (axes.includes(axis) ? (keep ? [1] : []) : [dim]));
    return {
      outputs: [made(shape, inputs[0]?.element ?? null)],
      operations: floating(inputs) ? each * sizeOf(from) : 0,
    };
  };
}

const pick: Rule = (node, inputs) => {
  const from = shapeAt(inputs, 0);
  const axis = axisOf(node.int("axis") ?? 0, from.length);
  const keep = (node.int("keepdims") ?? 1) === 1;
  const shape = from.flatMap((dim, place) => (place === axis ? (keep ? [1] : []) : [dim]));
  return { outputs: [made(shape, "int64")], operations: floating(inputs) ? sizeOf(from) : 0 };
};

function softmax(node: GraphNode, inputs: readonly (Known | null)[], more: number) {
  const from = shapeAt(inputs, 0);
  const old = node.version < 13;
  const axis = axisOf(node.int("axis") ?? (old ? 1 : -1), Math.max(1, from.length));
  // Before opset 13 all axes from this one on were taken together.
  const length = old ? sizeOf(from.slice(axis)) : (from[axis] ?? 1);
  const lines = length === 0 ? 0 : sizeOf(from) / length;
  return { outputs: [made(from, inputs[0]?.element ?? null)], operations: lines * (softmaxOperations(length) + more) };
}

export function softmaxOperations(length: number): number {
  return Math.max(0, 5 * length - 2);
}

function pool(outputs: number): Rule {
  return (node, inputs) => {
    const [rows = 1, channels = 1, ...space] = shapeAt(inputs, 0);
    const sides = [...node.ints("kernel_shape")];
    const shape = [rows, channels, ...windowed(node, space, sides)];
    const indexes = outputs > 1 ? [made(shape, "int64" as ElementType)] : [];
    return {
      outputs: [made(shape, inputs[0]?.element ?? null), ...indexes],
      operations: sizeOf(shape) * sizeOf(sides),
    };
  };
}

const globalPool: Rule = (_, inputs) => {
  const [rows = 1, channels = 1, ...space] = shapeAt(inputs, 0);
  return {
    outputs: [made([rows, channels, ...space.map(() => 1)], inputs[0]?.element ?? null)],
    operations: rows * channels * sizeOf(space),
  };
};

/** Mean and variance were learned: a product and a sum for each element. */
const batchNormalization: Rule = (_, inputs) => {
  const from = shapeAt(inputs, 0);
  return { outputs: [made(from, inputs[0]?.element ?? null)], operations: 2 * sizeOf(from) };
};

/**
 * Mean (n), differences (n), squares (n), their mean (n), the root of it and a small number (2), quotients (n), scale (n)
 * and shift (n), for every line of n elements that are set against each other.
 */
function normalization(lineOf: (node: GraphNode, shape: readonly number[]) => number): Rule {
  return (node, inputs) => {
    const from = shapeAt(inputs, 0);
    const length = lineOf(node, from);
    const size = sizeOf(from);
    const each = 5 + (inputs[1] ? 1 : 0) + (inputs[2] ? 1 : 0);
    return {
      outputs: [made(from, inputs[0]?.element ?? null), made(null, null), made(null, null)],
      operations: each * size + (length === 0 ? 0 : (2 * size) / length),
    };
  };
}

function floating(inputs: readonly (Known | null)[]): boolean {
  return isFloat(inputs[0]?.element);
}

export const reductionRules = {
  ArgMax: pick,
  ArgMin: pick,
  AveragePool: pool(1),
  BatchNormalization: batchNormalization,
  GlobalAveragePool: globalPool,
  GlobalMaxPool: globalPool,
  InstanceNormalization: normalization((_, shape) => sizeOf(shape.slice(2))),
  LayerNormalization: normalization((node, shape) =>
    sizeOf(shape.slice(axisOf(node.int("axis") ?? -1, Math.max(1, shape.length)))),
  ),
  // And a logarithm and a difference in place of the quotients.
  LogSoftmax: (node, inputs) => softmax(node, inputs, 1),
  MaxPool: pool(2),
  ReduceL1: reduce(2),
  ReduceL2: reduce(2),
  ReduceLogSumExp: reduce(2),
  ReduceMax: reduce(1),
  ReduceMean: reduce(1),
  ReduceMin: reduce(1),
  ReduceProd: reduce(1),
  ReduceSum: reduce(1),
  ReduceSumSquare: reduce(2),
  Softmax: (node, inputs) => softmax(node, inputs, 0),
} as const satisfies Rules;
