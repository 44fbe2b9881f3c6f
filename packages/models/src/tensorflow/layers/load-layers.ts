import type { Tensor } from "@tensorflow/tfjs-core";
import type { LayersModel, SymbolicTensor } from "@tensorflow/tfjs-layers";
import type { TensorFlow } from "../runtime.ts";
import type { Executable } from "../session.ts";
import { tensorInput } from "../tensor-input.ts";
import type { Weights } from "../weights.ts";
import type { Topology } from "./topology.ts";

export interface LayersExecutable extends Executable {
  readonly model: LayersModel;
  /** The layer that gives each output. */
  readonly outputNames: readonly string[];
}

/** Reads a layers model into TensorFlow.js, on the backend that has the turn. */
export async function loadLayers(
  file: string,
  tensorflow: TensorFlow,
  topology: Topology,
  weights: Weights,
  columns: number | null,
): Promise<LayersExecutable> {
  const layers = await tensorflow.layers();
  const artifacts = {
    modelTopology: topology.json,
    weightSpecs: weights.specs,
    weightData: weights.bytes.buffer,
  };
  // Quantization is as the file has it: TensorFlow.js undoes it.
  const load = async () => artifacts as unknown as Awaited<ReturnType<NonNullable<Handler["load"]>>>;
  const model = await layers.loadLayersModel({ load }, { strict: true });
  const several = model.inputs.length > 1;
  const names = inputNames(topology);
  return {
    model,
    inputs: model.inputs.map((input, index) =>
      tensorInput(file, names[index] ?? input.name, input.shape, input.dtype, several ? null : columns),
    ),
    outputNames: model.outputs.map((output) => layerOf(output)),
    execute: (tensors) => listOf(model.apply([...tensors], { training: false }) as Tensor | Tensor[]),
    dispose: () => {
      model.dispose();
    },
  };
}

type Handler = Exclude<Parameters<import("@tensorflow/tfjs-layers").LayersModel["save"]>[0], string>;

/** As the file has them: TensorFlow.js numbers names that it met before in the same process. */
export function inputNames({ inputs, layers: [first] }: Pick<Topology, "inputs" | "layers">): readonly string[] {
  if (inputs) return inputs.map(({ layer }) => layer);
  return first ? [first.className === "InputLayer" ? first.name : `${first.name}_input`] : [];
}

function layerOf(output: SymbolicTensor): string {
  return output.sourceLayer.name;
}

function listOf<T>(value: T | T[]): readonly T[] {
  return Array.isArray(value) ? value : [value];
}
