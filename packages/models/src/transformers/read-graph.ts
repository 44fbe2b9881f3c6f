import { isAssayError } from "@assay/schema";
import { looksLike } from "../looks-like.ts";
import { modelError, shown } from "../model-error.ts";
import { checkGraph, type Graph } from "../onnx/graph.ts";
import { checkHidden } from "../onnx/hidden-graphs.ts";
import { elementType, readModel, type ValueInfo } from "../onnx/proto/model-proto.ts";
import type { ReadExternal } from "../onnx/proto/tensor.ts";
import { WireFault } from "../onnx/proto/wire.ts";
import { writeVariant } from "../onnx/proto/write-variant.ts";
import { isTreeNode, readTrees } from "../onnx/trees/read-trees.ts";
import type { Task } from "./read-config.ts";

/** The graph of a model's folder, checked. */
export interface ModelGraph {
  /** From the folder: `onnx/model.onnx`. */
  readonly path: string;
  /** Transformers.js's word for the numbers of the weights. */
  readonly dtype: Dtype;
  readonly graph: Graph;
  /** The file with all its weights in it. */
  readonly whole: () => Uint8Array;
  readonly inputs: readonly GraphTensor[];
  /** The output that holds a number for each class. */
  readonly logits: ValueInfo;
}

export interface GraphTensor {
  readonly name: string;
  readonly element: "float" | "int32" | "int64";
  readonly value: ValueInfo;
}

/** Names of weight files as exporters write them, in the order in which they are looked for: full precision first. */
const weights = [
  ["fp32", "model.onnx"],
  ["q8", "model_quantized.onnx"],
  ["int8", "model_int8.onnx"],
  ["uint8", "model_uint8.onnx"],
  ["fp16", "model_fp16.onnx"],
  ["q4", "model_q4.onnx"],
  ["q4f16", "model_q4f16.onnx"],
  ["bnb4", "model_bnb4.onnx"],
] as const;
export type Dtype = (typeof weights)[number][0];

/** Transformers.js looks in `onnx`, Optimum writes beside config.json. */
const folders = ["onnx/", ""] as const;

/** What graphs of a task take; whether they take all of it is theirs. */
const known = {
  "audio-classification": ["input_values", "input_features", "attention_mask"],
  "image-classification": ["pixel_values"],
  "text-classification": ["input_ids", "attention_mask", "token_type_ids", "position_ids"],
} as const satisfies Record<Task, readonly string[]>;

/** @throws AssayError not-found where the folder has no graph, model-invalid, not-supported naming the file and the place */
export function readGraph(file: string, task: Task, external: ReadExternal): ModelGraph {
  for (const [dtype, name] of weights) {
    for (const folder of folders) {
      const bytes = readIfThere(external, `${folder}${name}`);
      if (bytes !== null) return checked(file, task, folder, name, dtype, bytes, external);
    }
  }
  throw modelError(
    file,
    "onnx/model.onnx",
    "is not there: weights of PyTorch or TensorFlow alone do not run; export the model with: optimum-cli export onnx --model <folder> <new folder>",
    "not-found",
  );
}

function readIfThere(external: ReadExternal, location: string): Uint8Array | null {
  try {
    return external(location, 0, null);
  } catch (error) {
    if (isAssayError(error) && error.code === "not-found") return null;
    throw error;
  }
}

function checked(
  file: string,
  task: Task,
  folder: string,
  name: string,
  dtype: Dtype,
  bytes: Uint8Array,
  external: ReadExternal,
): ModelGraph {
  const path = `${folder}${name}`;
  const where = `${file}, ${path}`;
  const likeness = looksLike(bytes);
  if (likeness) throw modelError(where, null, `is ${likeness.what}, not an ONNX file`);
  if (bytes.length === 0) throw modelError(where, null, "is empty");
  // Weights in other files lie beside the graph, and not beside config.json.
  const beside: ReadExternal = (location, offset, length) => external(`${folder}${location}`, offset, length);
  try {
    const proto = readModel(bytes);
    const graph = checkGraph(where, proto, beside);
    checkHidden(graph);
    for (const node of graph.nodes) if (isTreeNode(node.domain, node.operator)) readTrees(node);
    const split = proto.graph.initializers.some((tensor) => tensor.external !== null);
    return {
      path,
      dtype,
      graph,
      whole: () =>
        guarded(where, () => (split ? writeVariant(proto, { outputs: null, dropNodes: new Set() }, beside) : bytes)),
      inputs: graph.inputs.map((value) => inputOf(where, task, value)),
      logits: logitsOf(where, graph),
    };
  } catch (error) {
    throw asModelError(where, error);
  }
}

function guarded<Value>(where: string, make: () => Value): Value {
  try {
    return make();
  } catch (error) {
    throw asModelError(where, error);
  }
}

function asModelError(where: string, error: unknown): unknown {
  if (!(error instanceof WireFault)) return error;
  return modelError(where, `byte ${error.offset}`, `${error.message}; the file is damaged, cut off or no ONNX file`);
}

function inputOf(where: string, task: Task, value: ValueInfo): GraphTensor {
  const place = `input ${shown(value.name)}`;
  const names: readonly string[] = known[task];
  if (!names.includes(value.name)) {
    throw modelError(
      where,
      place,
      `is none that a model of ${task} is given (${names.join(", ")}); export the model for that task`,
      "not-supported",
    );
  }
  const element = value.type.kind === "tensor" ? elementType(value.type.element) : null;
  if (element === "float" || element === "int32" || element === "int64") return { name: value.name, element, value };
  throw modelError(
    where,
    place,
    `takes ${element ?? "something else than numbers"}; inputs of float, int32 and int64 are given`,
    "not-supported",
  );
}

function logitsOf(where: string, graph: Graph): ValueInfo {
  const [only, ...more] = graph.outputs;
  const found = graph.outputs.find((output) => output.name === "logits") ?? (more.length === 0 ? only : undefined);
  if (!found) {
    const names = graph.outputs.map((output) => shown(output.name)).join(", ");
    throw modelError(where, null, `gives ${names}, and no logits; export the model with its classifying head`);
  }
  const element = found.type.kind === "tensor" ? elementType(found.type.element) : null;
  if (element === "float") return found;
  throw modelError(where, `output ${shown(found.name)}`, `gives ${element ?? "no tensor"} where logits are float`);
}
