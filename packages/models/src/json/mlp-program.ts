import type { DenseLayer } from "@assay/compute";
import { numbersOf } from "../columns.ts";
import { modelError } from "../model-error.ts";
import { affineOf } from "../program/links.ts";
import type { Step } from "../program/program.ts";
import type { CompiledJson } from "./open-json.ts";
import { profileMlp } from "./profile-json.ts";
import type { MlpJson } from "./schema.ts";

/** A perceptron as one network, after its scaler where it has one. */
export function mlpProgram(file: string, model: MlpJson): CompiledJson {
  const layers = model.coefs.map((weights, index) => layerOf(file, model, weights, index));
  for (const [index, layer] of layers.entries()) {
    const before = layers[index - 1];
    if (before && before.outputs !== layer.inputs) {
      throw modelError(
        file,
        `coefs.${index}`,
        `takes ${layer.inputs} inputs, the layer before gives ${before.outputs}`,
      );
    }
  }
  const inputs = layers[0]?.inputs ?? 0;
  const outputs = layers.at(-1)?.outputs ?? 0;
  const { scaler } = model;
  for (const [name, list] of [
    ["scaler.mean", scaler?.mean],
    ["scaler.scale", scaler?.scale],
    ["features", model.features],
  ] as const) {
    if (list && list.length !== inputs) throw modelError(file, name, `${list.length} values for ${inputs} inputs`);
  }
  const classes = model.classes ?? null;
  const fits = classes === null || classes.length === outputs || (outputs === 1 && classes.length === 2);
  if (!fits) throw modelError(file, "classes", `${classes?.length} classes for ${outputs} outputs`);
  const given = Array.from({ length: inputs }, (_, index) => index);
  const scaled = scaler ? given.map((index) => inputs + index) : given;
  const made = Array.from({ length: outputs }, (_, index) => 2 * inputs + index);
  const steps: Step[] = [];
  if (scaler) {
    steps.push({
      kind: "host",
      inputs: given,
      outputs: scaled,
      dependsOn: (output) => [output],
      links: given.map((place) => {
        const [mean, scale] = [scaler.mean[place] ?? 0, scaler.scale[place] ?? 1];
        return affineOf(place, 1 / scale, -mean / scale);
      }),
      run: (columns) =>
        columns.map((column, index) => {
          const [mean, scale] = [scaler.mean[index] ?? 0, scaler.scale[index] ?? 1];
          return Float32Array.from(numbersOf(column), (value) => (value - mean) / scale);
        }),
    });
  }
  steps.push({ kind: "network", inputs: scaled, outputs: made, network: layers });
  return {
    program: { inputs: given, steps, outputs: [{ name: "output", columns: made }], registers: 2 * inputs + outputs },
    inputs,
    features: model.features ?? null,
    output: { kind: model.out === "identity" ? "value" : "probabilities", classes, width: outputs },
    parameters: layers.reduce((sum, layer) => sum + layer.weights.length + layer.bias.length, 0),
    profile: profileMlp(layers, scaler !== undefined),
  };
}

function layerOf(file: string, model: MlpJson, weights: readonly (readonly number[])[], index: number): DenseLayer {
  const bias = model.intercepts[index];
  const outputs = weights[0]?.length ?? 0;
  const odd = weights.findIndex((row) => row.length !== outputs);
  if (odd !== -1)
    throw modelError(file, `coefs.${index}.${odd}`, `${weights[odd]?.length} weights, the row before has ${outputs}`);
  if (bias?.length !== outputs) {
    throw modelError(file, `intercepts.${index}`, `${bias?.length ?? 0} values for ${outputs} outputs`);
  }
  return {
    inputs: weights.length,
    outputs,
    weights: Float32Array.from(weights.flat()),
    bias: Float32Array.from(bias),
    activation: index === model.coefs.length - 1 ? model.out : model.activation,
  };
}
