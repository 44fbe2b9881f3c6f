import { AssayError } from "@assay/schema";
import type { Forest } from "../../forest.ts";

/** Decisions on one path, at most: what no trained tree has, and a broken file may. */
export const maxDepth = 4096;

/**
 * Holds a forest to its contract, so that every later walk ends.
 * @throws AssayError model-invalid, with the node; not-supported for paths beyond `maxDepth`
 */
export function checkForest(forest: Forest): void {
  const { inputs, outputs, column, left, right, leafOutput, leafValue, base } = forest;
  const nodes = column.length;
  for (const [name, length] of [
    ["threshold", forest.threshold.length],
    ["rule", forest.rule.length],
    ["left", left.length],
    ["right", right.length],
  ] as const) {
    if (length !== nodes) fail(`${name} has ${length} nodes, column ${nodes}`);
  }
  if (base.length !== outputs) fail(`base has ${base.length} values for ${outputs} outputs`);
  if (leafValue.length !== leafOutput.length) {
    fail(`leafValue has ${leafValue.length} entries, leafOutput ${leafOutput.length}`);
  }
  for (const [entry, output] of leafOutput.entries()) {
    if (output >= outputs) fail(`leafOutput[${entry}] is ${output}, the forest has ${outputs} outputs`);
    if (!Number.isFinite(leafValue[entry])) fail(`leafValue[${entry}] is ${leafValue[entry]}`);
  }
  const seen = new Uint8Array(nodes);
  for (const [tree, root] of forest.roots.entries()) {
    const open = [root, 0];
    while (open.length > 0) {
      const depth = open.pop() ?? 0;
      const node = open.pop() ?? 0;
      if (node >= nodes) fail(`tree ${tree} goes to node ${node}, there are ${nodes}`);
      if (seen[node] === 1) fail(`node ${node} is reached on two ways`);
      seen[node] = 1;
      const asked = column[node] ?? -1;
      const [a, b] = [left[node] ?? 0, right[node] ?? 0];
      if (asked < 0) {
        if (a > b || b > leafValue.length) fail(`leaf ${node} has values ${a} to ${b}, there are ${leafValue.length}`);
        continue;
      }
      if (asked >= inputs) fail(`node ${node} asks column ${asked}, a row has ${inputs}`);
      if (depth >= maxDepth) {
        throw new AssayError(
          "not-supported",
          `treeShap: tree ${tree} is more than ${maxDepth} decisions deep; train it with a limit of depth`,
        );
      }
      open.push(b, depth + 1, a, depth + 1);
    }
  }
}

/** @throws AssayError usage without covers, model-invalid for one that is not finite or below 0 */
export function checkCover(forest: Forest): Float64Array {
  const { cover, column } = forest;
  if (cover === null) {
    throw new AssayError(
      "usage",
      "treeShap: this model does not tell how many training rows came to its nodes (cover), which path-dependent values need; ask for interventional ones",
    );
  }
  if (cover.length !== column.length) fail(`cover has ${cover.length} nodes, column ${column.length}`);
  const wrong = cover.findIndex((value) => !(value >= 0 && value < Number.POSITIVE_INFINITY));
  if (wrong !== -1) fail(`cover[${wrong}] is ${cover[wrong]}; covers are finite and at least 0`);
  return cover;
}

function fail(message: string): never {
  throw new AssayError("model-invalid", `treeShap: ${message}`);
}
