import type { GraphNode } from "../graph.ts";
import { NotCompiled } from "../operand.ts";
import { modes, type TreeTable, treeOfNodes } from "./tree-table.ts";

/**
 * For each target whether leaves vote for it. ONNX Runtime keeps for every row which classes got a vote; that is the same
 * for all rows where a target has votes from all leaves of some tree, or from none.
 */
export function votedTargets(node: GraphNode, table: TreeTable): readonly boolean[] {
  const leaf = modes.indexOf("leaf");
  const rootOf = treeOfNodes(table);
  const some = new Uint8Array(table.targets);
  // For each tree the leaves seen and, for each target, how many of them voted for it.
  const leaves = new Uint32Array(table.roots.length);
  const votes = table.roots.map(() => new Map<number, number>());
  for (let index = 0; index < table.mode.length; index++) {
    const tree = rootOf[index] ?? -1;
    if (table.mode[index] !== leaf || tree < 0) continue;
    leaves[tree] = (leaves[tree] ?? 0) + 1;
    const seen = new Set(table.voteTarget.subarray(table.voteStart[index], table.voteStart[index + 1]));
    for (const target of seen) {
      some[target] = 1;
      votes[tree]?.set(target, (votes[tree]?.get(target) ?? 0) + 1);
    }
  }
  return Array.from(some, (any, target) => {
    if (any === 0) return false;
    const always = votes.some((counts, tree) => counts.get(target) === leaves[tree]);
    if (!always) throw new NotCompiled(`${node.place}: whether target ${target} gets a vote depends on the row`);
    return true;
  });
}
