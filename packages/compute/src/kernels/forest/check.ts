import { AssayError } from "@assay/schema";
import type { Forest } from "../../forest.ts";

export interface CheckedForest {
  /** The nodes that are reached from a root, each before those below it. */
  readonly reached: Uint32Array;
  /** The most decisions between a root and a leaf. */
  readonly depth: number;
}

/**
 * Holds a forest to its contract, so that every walk ends at a leaf and every sum is finite.
 * @throws AssayError model-invalid, with the node
 */
export function checkForest(forest: Forest): CheckedForest {
  const { inputs, outputs, column, threshold, left, right, leafOutput, leafValue, base } = forest;
  const nodes = column.length;
  for (const [name, length] of [
    ["threshold", threshold.length],
    ["rule", forest.rule.length],
    ["left", left.length],
    ["right", right.length],
  ] as const) {
    if (length !== nodes) fail(`${name} has ${length} nodes, column ${nodes}`);
  }
  if (!Number.isInteger(outputs) || outputs < 1) fail(`outputs must be an integer from 1, got ${outputs}`);
  if (base.length !== outputs) fail(`base has ${base.length} values for ${outputs} outputs`);
  for (const [output, value] of base.entries()) {
    if (!Number.isFinite(value)) fail(`base[${output}] is ${value}`);
  }
  if (leafValue.length !== leafOutput.length) {
    fail(`leafValue has ${leafValue.length} entries, leafOutput ${leafOutput.length}`);
  }

  const seen = new Uint8Array(nodes);
  const reached = new Uint32Array(nodes);
  const open = new Uint32Array(nodes + 1);
  const depths = new Uint32Array(nodes + 1);
  let count = 0;
  let depth = 0;
  for (const [tree, root] of forest.roots.entries()) {
    if (root >= nodes) fail(`roots[${tree}] is node ${root}, there are ${nodes}`);
    let waiting = 0;
    const enter = (node: number, above: number) => {
      if (seen[node] === 1) fail(`node ${node} is reached on two ways; a tree has no cycles and shares no nodes`);
      seen[node] = 1;
      open[waiting] = node;
      depths[waiting++] = above;
    };
    enter(root, 0);
    while (waiting > 0) {
      const node = open[--waiting] ?? 0;
      const above = depths[waiting] ?? 0;
      reached[count++] = node;
      if (above > depth) depth = above;
      const asked = column[node] ?? -1;
      const [low, high] = [left[node] ?? 0, right[node] ?? 0];
      if (asked < 0) {
        checkLeaf(forest, node, low, high);
        continue;
      }
      if (asked >= inputs) fail(`node ${node} asks column ${asked}, a row has ${inputs}`);
      if (Number.isNaN(threshold[node])) fail(`node ${node} has no threshold (NaN)`);
      for (const child of [high, low]) {
        if (child >= nodes) fail(`node ${node} goes to node ${child}, there are ${nodes}`);
        enter(child, above + 1);
      }
    }
  }
  return { reached: reached.subarray(0, count), depth };
}

function checkLeaf({ leafValue, leafOutput, outputs }: Forest, node: number, first: number, end: number): void {
  if (first > end || end > leafValue.length) {
    fail(`leaf ${node} has values ${first} to ${end}, there are ${leafValue.length}`);
  }
  for (let entry = first; entry < end; entry++) {
    const output = leafOutput[entry] ?? 0;
    if (output >= outputs) fail(`leaf ${node} adds to output ${output}, there are ${outputs}`);
    if (!Number.isFinite(leafValue[entry])) fail(`leaf ${node} adds ${leafValue[entry]}; leaf values are finite`);
  }
}

function fail(message: string): never {
  throw new AssayError("model-invalid", `forest: ${message}`);
}
