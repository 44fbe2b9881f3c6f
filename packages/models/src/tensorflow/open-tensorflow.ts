import { buildModel, type ModelFacts } from "../build-model.ts";
import type { FormatInput } from "../formats.ts";
import type { Model } from "../model.ts";
import { openGraph } from "./graph/open-graph.ts";
import { openLayers } from "./layers/open-layers.ts";
import { readModelJson } from "./read-model-json.ts";
import { readWeights } from "./weights.ts";

/**
 * Opens a TensorFlow.js model: `model.json` with the shards of its weights beside it.
 * @throws AssayError model-invalid, not-supported, data-too-large, not-found (a shard), each naming the place in the file
 */
export async function openTensorFlow(input: FormatInput): Promise<Model> {
  const { file, bytes } = input;
  const json = readModelJson(file, bytes);
  const weights = readWeights(file, json, input.external);
  const opened = json.kind === "graph" ? await openGraph(input, json, weights) : await openLayers(input, json, weights);
  const own = weights.specs.filter(({ dtype, group }) => dtype !== "string" && group !== "optimizer");
  const facts: ModelFacts = {
    format: "tensorflow",
    file,
    digest: input.digest,
    sizeBytes: bytes.length,
    externalFiles: input.externalFiles(),
    producer: json.convertedBy || json.generatedBy || null,
    parameters: own.reduce((sum, { shape }) => sum + shape.reduce((product, dim) => product * dim, 1), 0),
    ...opened.facts,
  };
  return buildModel(facts, opened.program, opened.session, input.tensorflow);
}
