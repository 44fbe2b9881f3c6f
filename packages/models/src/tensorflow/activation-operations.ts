import { softmaxOperations } from "../onnx/profile/reductions.ts";

/**
 * Operations of a function on one number: a function (exp, tanh, a root) counts as one, as a sum or a product does; the same
 * rules as for ONNX.
 */
const each: Readonly<Record<string, number>> = {
  elu: 3,
  gelu: 5,
  hardsigmoid: 4,
  leakyrelu: 2,
  linear: 0,
  mish: 4,
  prelu: 2,
  relu: 1,
  relu6: 2,
  selu: 4,
  sigmoid: 1,
  softplus: 3,
  softsign: 3,
  swish: 2,
  tanh: 1,
};

/** Operations of an activation over a shape without its rows; null for one that is not counted. */
export function activationOperations(name: string, shape: readonly number[]): number | null {
  const size = shape.reduce((product, dim) => product * dim, 1);
  const known = name.toLowerCase().replaceAll("_", "");
  if (known === "softmax" || known === "logsoftmax") {
    const length = shape.at(-1) ?? 1;
    return length === 0 ? 0 : (size / length) * (softmaxOperations(length) + (known === "logsoftmax" ? 1 : 0));
  }
  const operations = Object.hasOwn(each, known) ? each[known] : undefined;
  return operations === undefined ? null : operations * size;
}
