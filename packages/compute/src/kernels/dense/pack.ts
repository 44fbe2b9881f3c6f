import { AssayError } from "@assay/schema";
import { type Activation, activations, type Network } from "../../network.ts";

/** A layer, and where in `parameters` its weights and biases begin. */
export interface PackedLayer {
  readonly inputs: number;
  readonly outputs: number;
  readonly activation: Activation;
  readonly weightsAt: number;
  readonly biasAt: number;
}

export interface PackedNetwork {
  readonly layers: readonly PackedLayer[];
  /**
   * Layer after layer float32[panels][inputs][4], four outputs in a panel, then float32[panels × 4] biases. The number of
   * panels is even; outputs that are not there have weights and bias 0.
   */
  readonly parameters: Float32Array;
}

/**
 * Lays a network's numbers out as the kernel reads them.
 * @throws AssayError data-invalid for a network whose layers do not fit together or whose numbers are not finite
 */
export function packNetwork(network: Network): PackedNetwork {
  checkNetwork(network);
  let size = 0;
  const layers = network.map(({ inputs, outputs, activation }) => {
    const padded = padOutputs(outputs);
    const weightsAt = size;
    const biasAt = weightsAt + inputs * padded;
    size = biasAt + padded;
    return { inputs, outputs, activation, weightsAt, biasAt };
  });
  const parameters = new Float32Array(size);
  for (const [index, { inputs, outputs, weightsAt, biasAt }] of layers.entries()) {
    const layer = network[index];
    if (!layer) throw new AssayError("internal", `dense: no layer ${index}`);
    for (let input = 0; input < inputs; input++) {
      const from = input * outputs;
      for (let output = 0; output < outputs; output++) {
        const at = weightsAt + ((output >> 2) * inputs + input) * 4 + (output & 3);
        parameters[at] = layer.weights[from + output] ?? 0;
      }
    }
    parameters.set(layer.bias, biasAt);
  }
  return { layers, parameters };
}

/** Outputs with those that fill the last two panels. */
export function padOutputs(outputs: number): number {
  return Math.ceil(outputs / 8) * 8;
}

/** A layer's activation as the kernels know it. */
export function activationCode(activation: Activation): number {
  return activations.indexOf(activation);
}

function checkNetwork(network: Network): void {
  if (network.length === 0) throw new AssayError("data-invalid", "network: it has no layers");
  for (const [index, layer] of network.entries()) {
    const { inputs, outputs, weights, bias, activation } = layer;
    const where = `network: layers[${index}]`;
    for (const [name, value] of [
      ["inputs", inputs],
      ["outputs", outputs],
    ] as const) {
      if (!Number.isInteger(value) || value < 1) {
        throw new AssayError("data-invalid", `${where}.${name} must be an integer from 1, got ${value}`);
      }
    }
    const before = network[index - 1];
    if (before && before.outputs !== inputs) {
      throw new AssayError(
        "data-invalid",
        `${where} has ${inputs} inputs, the layer before it ${before.outputs} outputs`,
      );
    }
    if (weights.length !== inputs * outputs) {
      throw new AssayError(
        "data-invalid",
        `${where} has ${weights.length} weights, ${inputs} inputs × ${outputs} outputs need ${inputs * outputs}`,
      );
    }
    if (bias.length !== outputs) {
      throw new AssayError("data-invalid", `${where} has ${bias.length} biases for ${outputs} outputs`);
    }
    if (!activations.includes(activation)) {
      throw new AssayError(
        "data-invalid",
        `${where}: no activation "${activation}"; there are ${activations.join(", ")}`,
      );
    }
    if (activation === "softmax" && index !== network.length - 1) {
      throw new AssayError("data-invalid", `${where} is followed by softmax, which only the last layer can be`);
    }
    const odd = weights.findIndex((value) => !Number.isFinite(value));
    if (odd !== -1) {
      const place = `weights[${Math.floor(odd / outputs)}, ${odd % outputs}]`;
      throw new AssayError("data-invalid", `${where}.${place} is ${weights[odd]}; weights must be finite`);
    }
    const oddBias = bias.findIndex((value) => !Number.isFinite(value));
    if (oddBias !== -1) {
      throw new AssayError("data-invalid", `${where}.bias[${oddBias}] is ${bias[oddBias]}; biases must be finite`);
    }
  }
}
