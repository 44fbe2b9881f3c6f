import type { Graph } from "./graph.ts";
import { elementType } from "./proto/model-proto.ts";
import { elementCount } from "./proto/tensor.ts";
import { isTreeNode, readTrees } from "./trees/read-trees.ts";
import { modes } from "./trees/tree-table.ts";

const weights: readonly (string | null)[] = ["double", "float", "float16", "int8", "uint8"];
const leaf = modes.indexOf("leaf");

/**
 * Learned numbers: elements of weight tensors (floats, and the bytes of quantised weights), coefficients and intercepts of
 * linear nodes, thresholds and leaf values of trees.
 */
export function countParameters(graph: Graph): number {
  let count = 0;
  for (const tensor of graph.initializers.values()) {
    if (weights.includes(elementType(tensor.type))) count += elementCount(tensor.dims);
  }
  for (const node of graph.nodes) {
    if (isTreeNode(node.domain, node.operator)) {
      const table = readTrees(node);
      count += table.voteWeight.length + table.mode.reduce((inner, mode) => inner + Number(mode !== leaf), 0);
    } else if (node.operator === "LinearClassifier" || node.operator === "LinearRegressor") {
      count += node.floats("coefficients").length + node.floats("intercepts").length;
    }
  }
  return count;
}
