import type { Activation, DenseLayer, Network } from "@assay/compute";
import type { Tensor2D } from "@tensorflow/tfjs-core";
import { type Backend, type Core, onBackend } from "./runtime.ts";
import { scoped } from "./session.ts";

/** Rows whose activations are in memory at once. */
const rowsAtOnce = 4_096;

/**
 * Gradients of one output of a network by its inputs: float64[rows × inputs]. The chain rule from the last layer back, as
 * products of matrices in TensorFlow.js, float32. A row with a missing value has NaN.
 */
export async function networkGradient(
  core: Core,
  backend: Backend,
  network: Network,
  columns: readonly Float32Array[],
  output: number,
  check: () => void,
): Promise<Float64Array> {
  const rows = columns[0]?.length ?? 0;
  const inputs = columns.length;
  const gradients = new Float64Array(rows * inputs);
  for (let start = 0; start < rows; start += rowsAtOnce) {
    check();
    const end = Math.min(rows, start + rowsAtOnce);
    const values = new Float32Array((end - start) * inputs);
    for (const [place, column] of columns.entries()) {
      for (let row = start; row < end; row++) values[(row - start) * inputs + place] = column[row] ?? Number.NaN;
    }
    const part = await onBackend(core, backend, () =>
      scoped(core, async () => {
        const made = core.tidy(() => gradientOf(core, network, core.tensor2d(values, [end - start, inputs]), output));
        return made.data<"float32">();
      }),
    );
    gradients.set(part, start * inputs);
  }
  return gradients;
}

function gradientOf(core: Core, network: Network, x: Tensor2D, output: number): Tensor2D {
  const given: Tensor2D[] = [];
  let value = x;
  for (const layer of network) {
    const sums = core.add(core.matMul(value, weightsOf(core, layer)), core.tensor1d(layer.bias)) as Tensor2D;
    value = activated(core, layer.activation, sums);
    given.push(value);
  }
  let delta: Tensor2D | null = null;
  for (const [place, layer] of [...network.entries()].reverse()) {
    const own = given[place] ?? value;
    delta =
      delta === null
        ? lastDelta(core, layer.activation, own, output)
        : (core.mul(delta, slopeOf(core, layer.activation, own)) as Tensor2D);
    delta = core.matMul(delta, core.transpose(weightsOf(core, layer)));
  }
  return delta ?? core.zerosLike(x);
}

function weightsOf(core: Core, layer: DenseLayer): Tensor2D {
  return core.tensor2d(layer.weights, [layer.inputs, layer.outputs]);
}

function activated(core: Core, activation: Activation, sums: Tensor2D): Tensor2D {
  switch (activation) {
    case "identity":
      return sums;
    case "logistic":
      return core.sigmoid(sums);
    case "relu":
      return core.relu(sums);
    case "softmax":
      return core.softmax(sums);
    case "tanh":
      return core.tanh(sums);
  }
}

/** The activation's derivative, from what it gave: 0 where a relu gave 0. */
function slopeOf(core: Core, activation: Activation, value: Tensor2D): Tensor2D {
  switch (activation) {
    case "identity":
    case "softmax":
      return core.onesLike(value);
    case "logistic":
      return core.mul(value, core.sub(1, value)) as Tensor2D;
    case "relu":
      // NaN stays NaN: a comparison with it is 0.
      return core.add(core.cast(core.greater(value, 0), "float32"), core.mul(value, 0)) as Tensor2D;
    case "tanh":
      return core.sub(1, core.square(value)) as Tensor2D;
  }
}

/** The derivative of one output by the last layer's sums. */
function lastDelta(core: Core, activation: Activation, value: Tensor2D, output: number): Tensor2D {
  const [rows, width] = value.shape;
  const only = core.tensor2d(
    Float32Array.from({ length: width }, (_, place) => (place === output ? 1 : 0)),
    [1, width],
  );
  if (activation !== "softmax") return core.mul(slopeOf(core, activation, value), only) as Tensor2D;
  // ∂p_k / ∂z_j = p_k (δ_jk − p_j).
  const own = core.slice(value, [0, output], [rows, 1]);
  return core.mul(own, core.sub(only, value)) as Tensor2D;
}
