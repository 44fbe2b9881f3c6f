import type { DenseLayer } from "@assay/compute";
import { softmaxOperations } from "../onnx/profile/reductions.ts";
import type { TreePaths } from "../onnx/trees/tree-paths.ts";
import type { LayerProfile, ModelProfile } from "../profile.ts";

/** Bytes of a number: models in JSON run in float32, whatever their text says. */
const width = 4;

/** The layers of a perceptron: products, sums of biases, and the function of each. */
export function profileMlp(layers: readonly DenseLayer[], scaler: boolean): ModelProfile {
  const inputs = layers[0]?.inputs ?? 0;
  const profiles = layers.map((layer, index): LayerProfile => {
    const multiplyAccumulates = layer.inputs * layer.outputs;
    const parameters = layer.weights.length + layer.bias.length;
    return {
      name: `layer ${index + 1}`,
      operator: `dense ${layer.activation}`,
      shape: [1, layer.outputs],
      parameters,
      weightBytes: parameters * width,
      multiplyAccumulates,
      operations: 2 * multiplyAccumulates + layer.bias.length + activated(layer),
      comparisons: null,
      inputBytes: layer.inputs * width,
      activationBytes: layer.outputs * width,
      unknown: null,
    };
  });
  const scaled: LayerProfile = {
    name: "scaler",
    operator: "standardize",
    shape: [1, inputs],
    parameters: 0,
    weightBytes: 0,
    multiplyAccumulates: 0,
    operations: 2 * inputs,
    comparisons: null,
    inputBytes: inputs * width,
    activationBytes: inputs * width,
    unknown: null,
  };
  const all = scaler ? [scaled, ...profiles] : profiles;
  return {
    layers: all,
    peakActivationBytes: Math.max(...all.map((layer) => (layer.inputBytes ?? 0) + (layer.activationBytes ?? 0))),
    inputBytes: inputs * width,
  };
}

function activated({ activation, outputs }: DenseLayer): number {
  return activation === "identity" ? 0 : activation === "softmax" ? softmaxOperations(outputs) : outputs;
}

/** Trees as one layer, with what follows their sum. */
export function profileTrees(paths: TreePaths, inputs: number, trees: number, links: boolean): ModelProfile {
  return {
    layers: [
      {
        name: trees === 1 ? "1 tree" : `${trees} trees`,
        operator: "tree ensemble",
        shape: [1, 1],
        parameters: paths.parameters,
        weightBytes: paths.parameters * width,
        multiplyAccumulates: 0,
        operations: paths.votes + (links ? 1 : 0),
        comparisons: paths.comparisons,
        inputBytes: inputs * width,
        activationBytes: width,
        unknown: null,
      },
    ],
    peakActivationBytes: (inputs + 1) * width,
    inputBytes: inputs * width,
  };
}
