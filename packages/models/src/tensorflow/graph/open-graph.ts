import type { GraphModel } from "@tensorflow/tfjs-converter";
import type { Tensor } from "@tensorflow/tfjs-core";
import type { FormatInput } from "../../formats.ts";
import type { ModelOutput } from "../../model.ts";
import type { Opened } from "../layers/open-layers.ts";
import { tooWide } from "../layers/open-layers.ts";
import type { ModelJson } from "../read-model-json.ts";
import { onBackend, type TensorFlow } from "../runtime.ts";
import { type Executable, openSession, type Session, scoped, sessionRunner } from "../session.ts";
import { feedTensors, type TensorInput, tensorInput } from "../tensor-input.ts";
import type { Weights } from "../weights.ts";
import { graphMeaning } from "./output-meaning.ts";
import { profileGraph, type Shapes } from "./profile-graph.ts";
import { type Graph, readGraph } from "./read-graph.ts";

interface GraphExecutable extends Executable {
  readonly model: GraphModel;
}

const mostRowBytes = 2 ** 30;

/** A graph model, in TensorFlow.js. */
export async function openGraph(input: FormatInput, json: ModelJson, weights: Weights): Promise<Opened> {
  const { file } = input;
  const graph = readGraph(file, json, weights);
  const several = graph.inputs.length > 1;
  const inputs = graph.inputs.map(({ name, shape, dtype }) =>
    tensorInput(file, name, shape, dtype ?? "float32", several ? null : input.columns),
  );
  const tensorflow = await input.tensorflow(input.device);
  const session = await openSession(file, tensorflow, () => load(tensorflow, graph, json, weights, inputs));
  const outputs = graph.outputs.map(
    (port, index): ModelOutput => ({
      name: port.name,
      ...graphMeaning(graph, port),
      width: (session.shapes[index] ?? []).slice(1).reduce((product, dim) => product * dim, 1),
    }),
  );
  const shapes = await nodeShapes(graph, session);
  const profile = profileGraph(graph, inputs, weights, shapes);
  const rowBytes = profile.layers.reduce((sum, layer) => sum + (layer.activationBytes ?? 0), profile.inputBytes);
  if (rowBytes > mostRowBytes) throw tooWide(file, rowBytes);
  return {
    facts: { inputs: inputs.flatMap((one) => one.inputs), outputs, profile },
    program: null,
    session: {
      runtime: "tensorflow",
      runner: sessionRunner(file, session, outputs, rowBytes),
      reason: `it is a graph model; ${session.about}`,
    },
  };
}

async function load(
  { core, converter }: TensorFlow,
  graph: Graph,
  json: ModelJson,
  weights: Weights,
  inputs: readonly TensorInput[],
): Promise<GraphExecutable> {
  const artifacts = {
    modelTopology: json.modelTopology,
    weightSpecs: weights.specs,
    weightData: weights.bytes.buffer,
    ...(json.signature ? { signature: json.signature } : {}),
    ...(json.userDefinedMetadata ? { userDefinedMetadata: json.userDefinedMetadata } : {}),
    ...(json.modelInitializer ? { modelInitializer: json.modelInitializer } : {}),
    ...(json.initializerSignature ? { initializerSignature: json.initializerSignature } : {}),
  };
  const { loadGraphModel } = await converter();
  const model = await loadGraphModel({
    load: async () => artifacts as unknown as import("@tensorflow/tfjs-core").io.ModelArtifacts,
  });
  // The weights outlive the work that reads them.
  for (const tensors of Object.values(model.weights)) for (const tensor of tensors) core.keep(tensor);
  const names = graph.outputs.map(({ tensor }) => tensor);
  return {
    model,
    inputs,
    execute: async (tensors) => {
      const feeds = feedsOf(graph, tensors);
      const made = graph.branches ? await model.executeAsync(feeds, names) : model.execute(feeds, names);
      return Array.isArray(made) ? made : [made];
    },
    dispose: () => {
      model.dispose();
    },
  };
}

function feedsOf(graph: Graph, tensors: readonly Tensor[]): Record<string, Tensor> {
  return Object.fromEntries(
    graph.inputs.flatMap(({ node }, index) => {
      const tensor = tensors[index];
      return tensor ? [[node, tensor]] : [];
    }),
  );
}

/** The shape of every node's first output for one row, met by running it; null where the way depends on values. */
async function nodeShapes(graph: Graph, session: Session<GraphExecutable>): Promise<Shapes | null> {
  if (graph.branches) return null;
  const { executable, tensorflow, backend } = session;
  const fed = new Set(graph.inputs.map(({ node }) => node));
  const needed = neededNodes(graph).filter(({ name, operator }) => !fed.has(name) && operator !== "Const");
  const rows = executable.inputs.find(({ batch }) => batch !== null)?.batch ?? 1;
  try {
    return await onBackend(tensorflow.core, backend, () =>
      scoped(tensorflow.core, async () => {
        const zeros = executable.inputs.flatMap(({ inputs }) =>
          inputs.map(({ kind }) =>
            kind === "category" ? { levels: [""], codes: new Uint8Array(1) } : new Float64Array(1),
          ),
        );
        const feeds = feedsOf(graph, feedTensors(tensorflow.core, executable.inputs, zeros, rows));
        const names = needed.map(({ name }) => name);
        const made = executable.model.execute(feeds, names);
        const tensors = Array.isArray(made) ? made : [made];
        return { rows, of: new Map(names.map((name, index) => [name, tensors[index]?.shape ?? []])) };
      }),
    );
  } catch {
    // It ran before; what is not known of its parts is told as such.
    return null;
  }
}

/** The nodes that the outputs come from, in their order. */
export function neededNodes({ nodes, outputs, byName }: Graph) {
  const needed = new Set<string>();
  const names = outputs.map(({ node }) => node);
  for (let name = names.pop(); name !== undefined; name = names.pop()) {
    if (needed.has(name)) continue;
    needed.add(name);
    names.push(...(byName.get(name)?.inputs ?? []).map(({ node }) => node));
  }
  return nodes.filter(({ name }) => needed.has(name));
}
