import type { Graph, GraphNode } from "./graph.ts";
import { elementType, type TensorProto } from "./proto/model-proto.ts";
import { elementCount, tensorBytes } from "./proto/tensor.ts";
import { isTreeNode, readTrees } from "./trees/read-trees.ts";
import { modes } from "./trees/tree-table.ts";

const weights: readonly (string | null)[] = ["double", "float", "float16", "int8", "uint8"];
const leaf = modes.indexOf("leaf");

/** Learned numbers and the bytes that they take. */
export interface Weights {
  readonly count: number;
  readonly bytes: number;
}

/**
 * Learned numbers: elements of weight tensors (floats, and the bytes of quantised weights), coefficients and intercepts of
 * linear nodes, thresholds and leaf values of trees.
 */
export function countParameters(graph: Graph): number {
  let count = 0;
  for (const tensor of graph.initializers.values()) count += tensorWeights(tensor).count;
  for (const node of graph.nodes) count += attributeWeights(node).count;
  return count;
}

export function tensorWeights(tensor: TensorProto): Weights {
  if (!weights.includes(elementType(tensor.type))) return { count: 0, bytes: 0 };
  return { count: elementCount(tensor.dims), bytes: tensorBytes(tensor) };
}

/** Of a node that has its weights in attributes. */
export function attributeWeights(node: GraphNode): Weights {
  if (isTreeNode(node.domain, node.operator)) {
    const table = readTrees(node);
    const count = table.voteWeight.length + table.mode.reduce((inner, mode) => inner + Number(mode !== leaf), 0);
    return { count, bytes: count * treeValueBytes(node) };
  }
  if (node.operator === "LinearClassifier" || node.operator === "LinearRegressor") {
    const count = node.floats("coefficients").length + node.floats("intercepts").length;
    return { count, bytes: count * 4 };
  }
  return { count: 0, bytes: 0 };
}

/** Trees of doubles have their values in tensors, in both encodings. */
function treeValueBytes(node: GraphNode): number {
  const tensor = node.has("nodes_splits") ? node.tensor("nodes_splits") : null;
  const wide = tensor === null ? node.has("nodes_values_as_tensor") : tensor.element === "double";
  return wide ? 8 : tensor?.element === "float16" ? 2 : 4;
}
