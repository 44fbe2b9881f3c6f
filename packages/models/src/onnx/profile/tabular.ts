import type { GraphNode } from "../graph.ts";
import { isTreeNode, readTrees } from "../trees/read-trees.ts";
import { treePaths } from "../trees/tree-paths.ts";
import { type Known, made, NotProfiled, type Rule, type Rules, shapeAt, sizeOf } from "./known.ts";
import { linearCost } from "./products.ts";
import { softmaxOperations } from "./reductions.ts";

/*
 * Operators of ai.onnx.ml. Encoders look texts up and compute nothing.
 */

/** Tests of nodes are counted apart; what is added are the leaves' values, to a sum for each output. */
const trees: Rule = (node, inputs) => {
  if (!isTreeNode(node.domain, node.operator)) throw new NotProfiled("it is no tree ensemble");
  const table = readTrees(node);
  const { comparisons, votes } = treePaths(table);
  const from = shapeAt(inputs, 0);
  const rows = from.length > 1 ? (from[0] ?? 1) : 1;
  const scores = made([rows, table.targets], inputs[0]?.element === "double" ? "double" : "float");
  const classifies = node.operator === "TreeEnsembleClassifier";
  return {
    outputs: classifies ? [labels(node, rows), scores] : [scores],
    operations: rows * (votes + transformed(node, table.targets)),
    comparisons: { ...comparisons, mean: rows * comparisons.mean, most: rows * comparisons.most },
  };
};

function transformed(node: GraphNode, outputs: number): number {
  switch (node.text("post_transform") ?? "NONE") {
    case "NONE":
      return 0;
    case "SOFTMAX":
    case "SOFTMAX_ZERO":
      return softmaxOperations(outputs);
    default:
      return outputs;
  }
}

function labels(node: GraphNode, rows: number): Known {
  return made([rows], node.has("classlabels_strings") ? "string" : "int64");
}

/** Largest of the scores: a comparison of numbers for each. */
const linearClassifier: Rule = (node, inputs) => {
  const classes =
    node.texts("classlabels_strings").length ||
    node.ints("classlabels_ints").length ||
    node.floats("intercepts").length;
  const outputs = node.floats("intercepts").length || classes;
  const cost = linearCost(node, inputs, outputs);
  return {
    outputs: [labels(node, cost.rows), made([cost.rows, Math.max(classes, outputs)], "float")],
    multiplyAccumulates: cost.multiplyAccumulates,
    operations: cost.operations + cost.rows * (outputs + transformed(node, outputs)),
  };
};

const linearRegressor: Rule = (node, inputs) => {
  const outputs = node.int("targets") ?? 1;
  const cost = linearCost(node, inputs, outputs);
  return {
    outputs: [made([cost.rows, outputs], "float")],
    multiplyAccumulates: cost.multiplyAccumulates,
    operations: cost.operations + cost.rows * transformed(node, outputs),
  };
};

/** `each` operations for every element, in floats. */
function scaled(each: number): Rule {
  return (_, inputs) => {
    const shape = shapeAt(inputs, 0);
    return { outputs: [made(shape, "float")], operations: each * sizeOf(shape) };
  };
}

const normalizer: Rule = (node, inputs) => {
  const shape = shapeAt(inputs, 0);
  // Their greatest, or the sum of their sizes or squares; then the quotients.
  const each = (node.text("norm") ?? "MAX") === "MAX" ? 2 : 3;
  return { outputs: [made(shape, "float")], operations: each * sizeOf(shape) };
};

const oneHot: Rule = (node, inputs) => {
  const count = node.texts("cats_strings").length || node.ints("cats_int64s").length;
  return { outputs: [made([...shapeAt(inputs, 0), count], "float")] };
};

const labelEncoder: Rule = (node, inputs) => {
  const element = node.has("values_strings")
    ? "string"
    : node.has("values_floats")
      ? "float"
      : node.has("values_tensor")
        ? (node.tensor("values_tensor")?.element ?? null)
        : "int64";
  // Before version 2 the classes were a list, and the type followed the input's.
  const older = node.has("classes_strings") ? (inputs[0]?.element === "string" ? "int64" : "string") : element;
  return { outputs: [made(shapeAt(inputs, 0), older)] };
};

const featureVectorizer: Rule = (_, inputs) => {
  const shapes = inputs.map((input, index) => (input === null ? [1, 0] : shapeAt(inputs, index)));
  const rows = shapes[0]?.[0] ?? 1;
  return { outputs: [made([rows, shapes.reduce((sum, shape) => sum + sizeOf(shape) / rows, 0)], "float")] };
};

const arrayFeatureExtractor: Rule = (_, inputs) => {
  const from = shapeAt(inputs, 0);
  return { outputs: [made([...from.slice(0, -1), sizeOf(shapeAt(inputs, 1))], inputs[0]?.element ?? null)] };
};

/** Scores under the names of their classes: what a runtime makes of them is its own. */
const zipMap: Rule = () => ({ outputs: [made(null, null)], sameBytes: true });

export const tabularRules = {
  ArrayFeatureExtractor: arrayFeatureExtractor,
  Binarizer: scaled(1),
  CategoryMapper: (_, inputs) => ({
    outputs: [made(shapeAt(inputs, 0), inputs[0]?.element === "string" ? "int64" : "string")],
  }),
  FeatureVectorizer: featureVectorizer,
  Imputer: scaled(1),
  LabelEncoder: labelEncoder,
  LinearClassifier: linearClassifier,
  LinearRegressor: linearRegressor,
  Normalizer: normalizer,
  OneHotEncoder: oneHot,
  Scaler: scaled(2),
  TreeEnsemble: trees,
  TreeEnsembleClassifier: trees,
  TreeEnsembleRegressor: trees,
  ZipMap: zipMap,
} as const satisfies Rules;
