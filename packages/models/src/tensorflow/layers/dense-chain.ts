import type { Activation, DenseLayer, Network } from "@assay/compute";
import { shown } from "../../model-error.ts";
import { floatsOf, type Weights } from "../weights.ts";
import { inputNames } from "./load-layers.ts";
import type { Layer, Topology } from "./topology.ts";

/** A model that is fully connected layers one after the other, and the shape that a row has in its file. */
export interface DenseChain {
  readonly network: Network;
  /** Every layer with the shape of the row that it gives. */
  readonly shapes: readonly { readonly layer: Layer; readonly output: readonly number[] }[];
  readonly input: { readonly name: string; readonly dims: readonly number[] };
  readonly output: string;
}

/** Layers that do nothing when a model predicts. */
const silent = ["AlphaDropout", "Dropout", "GaussianDropout", "GaussianNoise", "InputLayer"];

const activations: Readonly<Record<string, Activation>> = {
  linear: "identity",
  relu: "relu",
  sigmoid: "logistic",
  softmax: "softmax",
  tanh: "tanh",
};

/**
 * The network that a layers model is, or why it is none of ours.
 * @throws AssayError model-invalid for weights that do not fit their layers
 */
export function denseChain(topology: Topology, weights: Weights): DenseChain | { readonly reason: string } {
  const layers = inOrder(topology);
  if (!layers) return { reason: "its layers do not follow each other one by one" };
  let dims = rowShape(layers);
  const given = dims;
  const made: (DenseLayer & { from: Layer })[] = [];
  const shapes: { layer: Layer; output: readonly number[] }[] = [];
  for (const layer of layers) {
    if (shapes.length > 0) setShape(shapes, dims);
    shapes.push({ layer, output: [] });
    const { className, config } = layer;
    const stays = `${layer.place} is not compiled`;
    if (silent.includes(className)) continue;
    if (className === "Dense") {
      if (dims && dims.length !== 1) return { reason: `${layer.place} takes rows of shape [${dims}]` };
      const activation = activations[nameOf(config.activation)];
      if (!activation) return { reason: `${layer.place} has the activation ${shown(nameOf(config.activation))}` };
      const dense = denseLayer(layer, weights, activation, dims?.[0] ?? null);
      if (!dense) return { reason: `the weights of ${layer.place} have other names` };
      dims = [dense.outputs];
      made.push({ ...dense, from: layer });
    } else if (className === "Flatten" || className === "Reshape") {
      if (!dims || textOf(config.data_format) === "channels_first") return { reason: stays };
      const size = dims.reduce((product, dim) => product * dim, 1);
      const to = className === "Flatten" ? [size] : reshaped(config.target_shape, size);
      if (!to) return { reason: stays };
      dims = to;
    } else {
      const activation = activationOf(layer);
      const last = made.at(-1);
      if (!activation || !last || last.activation !== "identity" || dims?.length !== 1) return { reason: stays };
      made[made.length - 1] = { ...last, activation };
    }
  }
  const [first] = made;
  if (!first) return { reason: "it has no Dense layer" };
  if (dims?.length !== 1) return { reason: `it gives rows of shape [${dims}]` };
  const early = made.slice(0, -1).find(({ activation }) => activation === "softmax");
  if (early) return { reason: `${early.from.place} has a softmax before the last layer` };
  setShape(shapes, dims);
  return {
    network: made.map(({ from: _, ...layer }) => layer),
    shapes,
    input: {
      name: inputNames(topology)[0] ?? "input",
      dims: given ?? [first.inputs],
    },
    output: layers.at(-1)?.name ?? "",
  };
}

/** What the last layer gives, once the next one begins. */
function setShape(shapes: { layer: Layer; output: readonly number[] }[], dims: readonly number[] | null): void {
  const last = shapes.at(-1);
  if (last && dims) last.output = dims;
}

/** The layers in the order in which they follow each other; null where they branch. */
function inOrder({ layers, inputs, outputs }: Topology): readonly Layer[] | null {
  if (!inputs || !outputs) return layers;
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  if (inputs.length !== 1 || outputs.length !== 1) return null;
  const chain: Layer[] = [];
  let at: Layer | undefined = byName.get(outputs[0]?.layer ?? "");
  while (at) {
    chain.push(at);
    if (at.name === inputs[0]?.layer) return chain.reverse();
    const [call, ...others] = at.calls ?? [];
    if (!call || others.length > 0 || call.length !== 1) return null;
    at = byName.get(call[0]?.layer ?? "");
  }
  return null;
}

/** What a row is, as the first layer tells it; null where it tells nothing. */
function rowShape(layers: readonly Layer[]): readonly number[] | null {
  for (const { config } of layers.slice(0, 2)) {
    const shape = config.batch_input_shape;
    if (!Array.isArray(shape)) continue;
    const dims = shape.slice(1);
    return dims.length > 0 && dims.every((dim) => Number.isInteger(dim) && dim >= 1) ? (dims as number[]) : null;
  }
  return null;
}

function denseLayer(layer: Layer, weights: Weights, activation: Activation, inputs: number | null): DenseLayer | null {
  const kernel = weights.byName.get(`${layer.name}/kernel`);
  const bias = weights.byName.get(`${layer.name}/bias`);
  const hasBias = layer.config.use_bias !== false;
  if (!kernel || (hasBias && !bias) || kernel.spec.dtype !== "float32") return null;
  if (bias && bias.spec.dtype !== "float32") return null;
  const [from = 0, to = 0, ...more] = kernel.spec.shape;
  const units = layer.config.units;
  if (more.length > 0 || to !== units || from < 1 || (inputs !== null && from !== inputs)) {
    throw layer.fault(
      `has a kernel of shape [${kernel.spec.shape}] for ${inputs ?? "some"} inputs and ${String(units)} units`,
    );
  }
  if (bias && hasBias && (bias.spec.shape.length !== 1 || bias.elements !== to)) {
    throw layer.fault(`has a bias of shape [${bias.spec.shape}] for ${to} units`);
  }
  const values = floatsOf(weights, kernel);
  const shifts = hasBias && bias ? floatsOf(weights, bias) : new Float32Array(to);
  for (const [what, list] of [
    ["kernel", values],
    ["bias", shifts],
  ] as const) {
    const odd = list.findIndex((value) => !Number.isFinite(value));
    if (odd !== -1) throw layer.fault(`has a ${what} whose number ${odd} is ${list[odd]}`);
  }
  return { inputs: from, outputs: to, weights: values, bias: shifts, activation };
}

/** What a layer does to each number, where it is one of the network's activations. */
function activationOf({ className, config }: Layer): Activation | null {
  const isNone = (value: unknown) => value === undefined || value === null || value === 0;
  switch (className) {
    case "Activation":
      return activations[nameOf(config.activation)] ?? null;
    case "ReLU":
      return (config.max_value ?? null) === null && isNone(config.negative_slope) && isNone(config.threshold)
        ? "relu"
        : null;
    case "Softmax":
      return config.axis === undefined || config.axis === -1 || config.axis === 1 ? "softmax" : null;
    default:
      return null;
  }
}

function reshaped(target: unknown, size: number): readonly number[] | null {
  if (!Array.isArray(target) || !target.every((dim) => Number.isInteger(dim))) return null;
  const known = (target as number[]).filter((dim) => dim !== -1).reduce((product, dim) => product * dim, 1);
  const dims = (target as number[]).map((dim) => (dim === -1 ? size / known : dim));
  return dims.every((dim) => Number.isInteger(dim) && dim >= 1) && dims.reduce((a, b) => a * b, 1) === size
    ? dims
    : null;
}

/** An activation's name; a layer without one is linear. */
export function nameOf(activation: unknown): string {
  if (activation === undefined || activation === null) return "linear";
  return textOf(activation) ?? "that is no name";
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
