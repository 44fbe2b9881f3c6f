import type { DenseLayer, Network } from "@assay/compute";
import type { MlpJson } from "../../json/schema.ts";
import { type NodeSpec, type TensorSpec, writeOnnx } from "../../onnx/write/write-onnx.ts";
import type { NetworkNames } from "./train-network.ts";

/** The network as a JSON model. */
export function networkJson(network: Network, classes: number, names: NetworkNames): Uint8Array<ArrayBuffer> {
  const last = network.at(-1);
  const model: MlpJson = {
    kind: "mlp",
    activation: hiddenActivation(network),
    out: last?.activation === "logistic" ? "logistic" : "softmax",
    coefs: network.map(({ inputs, outputs, weights }) =>
      Array.from({ length: inputs }, (_, input) => [...weights.subarray(input * outputs, (input + 1) * outputs)]),
    ),
    intercepts: network.map(({ bias }) => [...bias]),
    classes: [...classNames(classes, names)],
    ...(names.inputs ? { features: [...names.inputs] } : {}),
  };
  return new TextEncoder().encode(JSON.stringify(model));
}

const operators: Partial<Record<DenseLayer["activation"], string>> = {
  logistic: "Sigmoid",
  relu: "Relu",
  softmax: "Softmax",
  tanh: "Tanh",
};

/**
 * The network as an ONNX graph of Gemm and its activations: one input `input` of all columns, or a column each under its
 * name; one output `probabilities`, of the second class alone where there are two.
 */
export function networkOnnx(network: Network, classes: number, names: NetworkNames): Uint8Array<ArrayBuffer> {
  const nodes: NodeSpec[] = [];
  const initializers: (TensorSpec & { readonly name: string })[] = [];
  const inputs = network[0]?.inputs ?? 0;
  const named = names.inputs;
  if (named) {
    nodes.push({ operator: "Concat", inputs: [...named], outputs: ["input"], attributes: { axis: { int: 1 } } });
  }
  let value = "input";
  for (const [index, { inputs: from, outputs: to, weights, bias, activation }] of network.entries()) {
    const isLast = index === network.length - 1;
    initializers.push(
      { name: `weights_${index}`, type: "float", dims: [from, to], values: [...weights] },
      { name: `bias_${index}`, type: "float", dims: [to], values: [...bias] },
    );
    nodes.push({
      operator: "Gemm",
      inputs: [value, `weights_${index}`, `bias_${index}`],
      outputs: [`sums_${index}`],
    });
    value = isLast ? "probabilities" : `value_${index}`;
    nodes.push({ operator: operators[activation] ?? "Identity", inputs: [`sums_${index}`], outputs: [value] });
  }
  return writeOnnx({
    nodes,
    initializers,
    inputs: named
      ? named.map((name) => ({ name, type: "float" as const, dims: ["N", 1] }))
      : [{ name: "input", type: "float", dims: ["N", inputs] }],
    outputs: [{ name: "probabilities", type: "float", dims: ["N", classes === 2 ? 1 : classes] }],
  });
}

function hiddenActivation(network: Network): MlpJson["activation"] {
  const [first] = network.slice(0, -1);
  return first === undefined || first.activation === "softmax" ? "identity" : first.activation;
}

function classNames(classes: number, names: NetworkNames): readonly string[] {
  return names.classes ?? Array.from({ length: classes }, (_, place) => String(place));
}
