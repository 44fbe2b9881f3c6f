import type { ModelPart } from "../../model-error.ts";
import type { GraphNode } from "../graph.ts";
import { readTrees3 } from "./read-trees-3.ts";
import { readTrees5 } from "./read-trees-5.ts";
import { modes, type TreeTable } from "./tree-table.ts";

/** Deeper trees are refused: no learner makes them, and what explains trees follows paths. */
export const deepest = 4096;

const leaf = modes.indexOf("leaf");
const tables = new WeakMap<GraphNode, TreeTable>();

export const treeOperators = ["TreeEnsemble", "TreeEnsembleClassifier", "TreeEnsembleRegressor"] as const;

export function isTreeNode(domain: string, operator: string): boolean {
  return domain === "ai.onnx.ml" && treeOperators.some((name) => name === operator);
}

/**
 * The checked trees of a tree node. A node reached from itself, a NaN threshold, a negative column and a tree deeper than
 * `deepest` are faults: also where the trees go to ONNX Runtime, native code that could not be stopped.
 * @throws AssayError model-invalid, naming tree and node
 */
export function readTrees(node: GraphNode): TreeTable {
  const known = tables.get(node);
  if (known) return known;
  const table = tableOf(node);
  checkTrees(node, table);
  tables.set(node, table);
  return table;
}

function tableOf(node: GraphNode): TreeTable {
  if (node.operator === "TreeEnsemble") return readTrees5(node);
  if (node.operator === "TreeEnsembleRegressor") {
    const targets = node.int("n_targets") ?? 0;
    if (targets < 1) throw node.fault(`n_targets is ${targets}`);
    return readTrees3(node, "target", targets);
  }
  const classes = node.texts("classlabels_strings").length || node.ints("classlabels_int64s").length;
  if (classes === 0) throw node.fault("no class labels");
  return readTrees3(node, "class", classes);
}

/** Walks with a stack of its own, so that no tree is too deep for it; each node once. */
export function checkTrees(node: ModelPart, table: TreeTable): void {
  const unseen = 0;
  const open = 1;
  const done = 2;
  const { yes, no, mode } = table;
  const state = new Uint8Array(mode.length);
  // Levels from a node down to its deepest leaf, of nodes that are done.
  const height = new Uint32Array(mode.length);
  // A node may wait here for both its parents, where it has two.
  const stack = new Uint32Array(2 * mode.length + 1);
  const circle = (at: number) =>
    node.fault(`${table.name(at)} is reached from itself: the tree goes round in a circle`);
  for (const root of table.roots) {
    let waiting = 0;
    stack[waiting++] = root;
    while (waiting > 0) {
      const top = stack[waiting - 1] ?? 0;
      if (mode[top] === leaf || state[top] === done) {
        state[top] = done;
        waiting--;
        continue;
      }
      const [left, right] = [yes[top] ?? 0, no[top] ?? 0];
      if (state[top] === open) {
        const levels = Math.max(height[left] ?? 0, height[right] ?? 0) + (table.members.get(top)?.length ?? 1);
        if (levels > deepest) throw node.fault(`below ${table.name(top)} the tree is more than ${deepest} levels deep`);
        height[top] = levels;
        state[top] = done;
        waiting--;
        continue;
      }
      state[top] = open;
      if (Number.isNaN(table.threshold[top])) {
        throw node.fault(`${table.name(top)} has a threshold that is not a number (NaN)`);
      }
      const column = table.feature[top] ?? 0;
      if (!(column >= 0 && column < 2 ** 31)) throw node.fault(`${table.name(top)} asks for column ${column}`);
      if (state[left] === open) throw circle(left);
      if (state[right] === open) throw circle(right);
      if (state[left] === unseen) stack[waiting++] = left;
      if (state[right] === unseen) stack[waiting++] = right;
    }
  }
}
