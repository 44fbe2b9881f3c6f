/** How an inner node decides, in the order of TreeEnsemble's numbers (ai.onnx.ml 5); `leaf` is none. */
export const modes = ["leq", "lt", "gte", "gt", "eq", "neq", "member", "leaf"] as const;
export type Mode = (typeof modes)[number];

/** Trees as the file has them, of either encoding, with children as indexes of nodes. */
export interface TreeTable {
  /** Index into `modes`. */
  readonly mode: Uint8Array;
  readonly feature: Float64Array;
  readonly threshold: Float64Array;
  /** 1: a missing value takes the true branch. */
  readonly missingTrue: Uint8Array;
  /** Node that follows where the comparison holds. */
  readonly yes: Uint32Array;
  readonly no: Uint32Array;
  /** For nodes of mode `member`: the values that make it hold. */
  readonly members: ReadonlyMap<number, readonly number[]>;
  readonly cover: Float64Array | null;
  readonly roots: readonly number[];
  /** Leaf i adds `voteWeight[v]` to `voteTarget[v]` for v from `voteStart[i]` to `voteStart[i + 1]` − 1. */
  readonly voteStart: Uint32Array;
  readonly voteTarget: Uint32Array;
  readonly voteWeight: Float64Array;
  readonly targets: number;
  /** A node as the file names it: `tree 3, node 17`. */
  readonly name: (node: number) => string;
}

/** For each node a tree it is reached in; −1 for nodes of no tree. */
export function treeOfNodes(table: TreeTable): Int32Array {
  const leaf = modes.indexOf("leaf");
  const tree = new Int32Array(table.mode.length).fill(-1);
  for (const [index, root] of table.roots.entries()) {
    const stack = [root];
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      if (tree[node] !== -1) continue;
      tree[node] = index;
      if (table.mode[node] !== leaf) stack.push(table.yes[node] ?? 0, table.no[node] ?? 0);
    }
  }
  return tree;
}
