import { type Forest, type GrownTree, missingLeft } from "@assay/compute";
import type { ColumnCuts } from "./bin-columns.ts";

/** Every finite value is at most this: cuts missing values from all others. */
const highest = 3.4028234663852886e38;

/** Trees over bins as a forest over the columns' own values. Tree i adds to output i mod outputs. */
export function treesAsForest(trees: readonly GrownTree[], cuts: readonly ColumnCuts[], base: Float64Array): Forest {
  const nodes = trees.reduce((sum, tree) => sum + tree.feature.length, 0);
  const leaves = trees.reduce((sum, tree) => sum + (tree.feature.length + 1) / 2, 0);
  const forest = {
    inputs: cuts.length,
    outputs: base.length,
    base,
    roots: new Uint32Array(trees.length),
    column: new Int32Array(nodes),
    threshold: new Float32Array(nodes),
    rule: new Uint8Array(nodes),
    left: new Uint32Array(nodes),
    right: new Uint32Array(nodes),
    leafOutput: new Uint32Array(leaves),
    leafValue: new Float64Array(leaves),
    cover: new Float64Array(nodes),
  } satisfies Forest;
  let first = 0;
  let leaf = 0;
  for (const [index, tree] of trees.entries()) {
    forest.roots[index] = first;
    for (let node = 0; node < tree.feature.length; node++) {
      const at = first + node;
      const feature = tree.feature[node] ?? -1;
      forest.column[at] = feature;
      forest.cover[at] = tree.cover[node] ?? 0;
      if (feature < 0) {
        forest.leafOutput[leaf] = index % base.length;
        forest.leafValue[leaf] = tree.value[node] ?? 0;
        forest.left[at] = leaf;
        forest.right[at] = ++leaf;
        continue;
      }
      forest.threshold[at] = cuts[feature]?.thresholds[tree.bin[node] ?? 0] ?? highest;
      forest.rule[at] = tree.missingLeft[node] === 1 ? missingLeft : 0;
      forest.left[at] = first + (tree.left[node] ?? 0);
      forest.right[at] = first + (tree.right[node] ?? 0);
    }
    first += tree.feature.length;
  }
  return forest;
}

/** A tree of one leaf. */
export function lonelyLeaf(value: number, cover: number): GrownTree {
  return {
    feature: Int32Array.of(-1),
    bin: Uint32Array.of(0),
    missingLeft: Uint8Array.of(0),
    left: Uint32Array.of(0),
    right: Uint32Array.of(0),
    gain: Float64Array.of(0),
    value: Float64Array.of(value),
    cover: Float64Array.of(cover),
  };
}
