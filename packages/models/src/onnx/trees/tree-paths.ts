import type { Comparisons } from "../../profile.ts";
import { modes, type TreeTable } from "./tree-table.ts";

const leaf = modes.indexOf("leaf");

/** What a row meets in trees, all of them together. */
export interface TreePaths {
  readonly comparisons: Comparisons;
  /** Leaf values that are added, on the mean. */
  readonly votes: number;
  /** Thresholds and leaf values. */
  readonly parameters: number;
}

/** What a row meets below a node. */
interface Below {
  /** Rows that come to its leaves, or how many leaves there are. */
  readonly weight: Float64Array;
  readonly depth: Float64Array;
  readonly votes: Float64Array;
  readonly deepest: Uint32Array;
}

/**
 * The ways through all trees of a checked table. Means are over rows that the file says came to each leaf (its covers), where
 * every tree has them; else over leaves alike. A test for one of several values counts as one comparison.
 */
export function treePaths(table: TreeTable): TreePaths {
  const { mode, roots, cover } = table;
  const covers = cover === null ? null : below(table, (node) => cover[node] ?? 0);
  const covered = covers !== null && roots.every((root) => (covers.weight[root] ?? 0) > 0);
  const met = covered ? covers : below(table, () => 1);
  const sum = (values: Float64Array | Uint32Array): number =>
    roots.reduce((total, root) => total + (values[root] ?? 0), 0);
  const inner = mode.reduce((count, one) => count + Number(one !== leaf), 0);
  return {
    comparisons: { mean: sum(met.depth), most: sum(met.deepest), over: covered ? "covers" : "leaves" },
    votes: sum(met.votes),
    parameters: (table.voteStart.at(-1) ?? 0) + inner,
  };
}

/** Each node once, children first, also where a node has two parents: there may be more ways than numbers. */
function below(table: TreeTable, weightOf: (leaf: number) => number): Below {
  const { yes, no, mode, voteStart, roots } = table;
  const count = mode.length;
  const result = {
    weight: new Float64Array(count),
    depth: new Float64Array(count),
    votes: new Float64Array(count),
    deepest: new Uint32Array(count),
  };
  const { weight, depth, votes, deepest } = result;
  const done = new Uint8Array(count);
  for (const root of roots) {
    const stack = [root];
    for (let node = stack.at(-1); node !== undefined; node = stack.at(-1)) {
      if (done[node] === 1) {
        stack.pop();
        continue;
      }
      if (mode[node] === leaf) {
        weight[node] = weightOf(node);
        votes[node] = (voteStart[node + 1] ?? 0) - (voteStart[node] ?? 0);
      } else {
        const [left, right] = [yes[node] ?? 0, no[node] ?? 0];
        if (done[left] === 0 || done[right] === 0) {
          if (done[left] === 0) stack.push(left);
          if (done[right] === 0) stack.push(right);
          continue;
        }
        const own = (weight[left] ?? 0) + (weight[right] ?? 0);
        // Beyond what a number holds, or without rows, both ways count alike.
        const share = own > 0 && own < Number.POSITIVE_INFINITY ? (weight[left] ?? 0) / own : 0.5;
        weight[node] = own;
        depth[node] = 1 + share * (depth[left] ?? 0) + (1 - share) * (depth[right] ?? 0);
        votes[node] = share * (votes[left] ?? 0) + (1 - share) * (votes[right] ?? 0);
        deepest[node] = 1 + Math.max(deepest[left] ?? 0, deepest[right] ?? 0);
      }
      done[node] = 1;
      stack.pop();
    }
  }
  return result;
}
