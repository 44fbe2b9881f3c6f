import type { ModelOutput } from "../model.ts";
import type { Graph, GraphNode } from "./graph.ts";
import { elementType, type ValueInfo } from "./proto/model-proto.ts";
import { readValues } from "./proto/tensor.ts";
import { readTrees } from "./trees/read-trees.ts";
import { numbers } from "./trees/read-trees-3.ts";
import { sumsWithinOne } from "./trees/sums-within-one.ts";

type Meaning = Pick<ModelOutput, "classes" | "kind">;

/** Operators that hand values on: what they mean is what their first input means. */
const passing = [
  "Cast",
  "Dropout",
  "Flatten",
  "Identity",
  "Normalizer",
  "Reshape",
  "Squeeze",
  "Transpose",
  "Unsqueeze",
];

/**
 * What a graph's outputs mean, by the operators they come from and, where these say nothing, by type and name. A
 * probabilities output without classes takes those of a label output of as many.
 */
export function outputMeanings(graph: Graph): readonly Meaning[] {
  const meanings = graph.outputs.map((output) => meaningOf(graph, output));
  const label = meanings.find((one) => one.kind === "label" && one.classes !== null);
  return meanings.map((one, index) => {
    if (one.kind === "label" || one.kind === "value" || one.classes !== null) return one;
    const width = declaredWidth(graph.outputs[index]);
    return label && (width === null || width === label.classes?.length) ? { ...one, classes: label.classes } : one;
  });
}

/** The columns that the file says an output has. */
export function declaredWidth(output: ValueInfo | undefined): number | null {
  if (output?.type.kind !== "tensor" || output.type.dims === null) return null;
  let width = 1;
  for (const dim of output.type.dims.slice(1)) {
    if (typeof dim !== "number") return null;
    width *= dim;
  }
  return width;
}

function meaningOf(graph: Graph, output: ValueInfo): Meaning {
  const traced = trace(graph, output.name, 0);
  if (traced) return traced;
  const element = output.type.kind === "tensor" ? elementType(output.type.element) : null;
  if (output.type.kind === "sequence" || /prob/i.test(output.name)) return { kind: "probabilities", classes: null };
  if (element === "int64" || element === "int32" || element === "string" || element === "bool") {
    return { kind: "label", classes: null };
  }
  return { kind: /score/i.test(output.name) ? "score" : "value", classes: null };
}

/** Follows a value back to the operator that gives it its meaning; null where none does. */
function trace(graph: Graph, name: string, steps: number): Meaning | null {
  const node = graph.makerOf.get(name);
  if (!node || steps > 64) return null;
  const back = (input: number) => trace(graph, node.inputs[input] ?? "", steps + 1);
  if (passing.includes(node.operator)) return back(0);
  switch (node.operator) {
    case "ArgMax":
      return { kind: "label", classes: null };
    case "ArrayFeatureExtractor":
    case "Gather": {
      const texts = constantTexts(graph, node.inputs[0]);
      return texts && back(1)?.kind === "label" ? { kind: "label", classes: texts } : back(0);
    }
    case "Concat": {
      const parts = node.inputs.map((_, index) => back(index));
      return parts.every((one) => one?.kind === "probabilities") ? { kind: "probabilities", classes: null } : null;
    }
    case "LabelEncoder": {
      const values = [...node.texts("values_strings"), ...[...node.ints("values_int64s")].map(String)];
      return back(0)?.kind === "label" && values.length > 0 ? { kind: "label", classes: values } : null;
    }
    case "LinearClassifier":
    case "SVMClassifier":
    case "TreeEnsembleClassifier":
      return classifier(node, name);
    case "Sigmoid":
    case "Softmax":
      return { kind: "probabilities", classes: null };
    case "Sub":
      // 1 − p, as the first of two classes is written.
      return constantTexts(graph, node.inputs[0])?.join() === "1" ? back(1) : null;
    case "ZipMap":
      return { kind: back(0)?.kind ?? "probabilities", classes: classesOf(node) };
    default:
      return null;
  }
}

function classifier(node: GraphNode, name: string): Meaning {
  const classes = classesOf(node);
  if (name === node.outputs[0]) return { kind: "label", classes };
  return { kind: givesProbabilities(node) ? "probabilities" : "score", classes };
}

function givesProbabilities(node: GraphNode): boolean {
  if (node.operator === "SVMClassifier") return node.has("prob_a");
  const transform = node.text("post_transform") ?? "NONE";
  // One row of coefficients for two classes knows no other transform.
  if (node.operator === "LinearClassifier" && node.floats("intercepts").length === 1) return transform === "LOGISTIC";
  if (transform !== "NONE") return true;
  return node.operator === "TreeEnsembleClassifier" && sumsWithinOne(readTrees(node), numbers(node, "base_values"));
}

function classesOf(node: GraphNode): readonly string[] | null {
  const texts = node.texts("classlabels_strings");
  if (texts.length > 0) return texts;
  for (const name of ["classlabels_int64s", "classlabels_ints"]) {
    const values = node.ints(name);
    if (values.length > 0) return [...values].map(String);
  }
  return null;
}

/** A constant's values as texts, of an initializer or a Constant node; null for anything else. */
function constantTexts(graph: Graph, name: string | undefined): readonly string[] | null {
  const initializer = name === undefined ? undefined : graph.initializers.get(name);
  if (initializer) return Array.from(readValues(graph.proto.bytes, initializer, graph.external).values, String);
  const maker = name === undefined ? undefined : graph.makerOf.get(name);
  if (maker?.operator !== "Constant") return null;
  const tensor = maker.tensor("value");
  return tensor && Array.from(tensor.values, String);
}
