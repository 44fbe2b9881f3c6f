import type { GraphNode } from "../graph.ts";
import { modes, type TreeTable } from "./tree-table.ts";

const modeTexts: ReadonlyMap<string, number> = new Map([
  ["BRANCH_LEQ", modes.indexOf("leq")],
  ["BRANCH_LT", modes.indexOf("lt")],
  ["BRANCH_GTE", modes.indexOf("gte")],
  ["BRANCH_GT", modes.indexOf("gt")],
  ["BRANCH_EQ", modes.indexOf("eq")],
  ["BRANCH_NEQ", modes.indexOf("neq")],
  ["LEAF", modes.indexOf("leaf")],
]);
const leaf = modes.indexOf("leaf");

/**
 * The trees of TreeEnsembleClassifier and TreeEnsembleRegressor (ai.onnx.ml 1 and 3): nodes are named by the pair of tree
 * and node, a tree's first node is its root. `votes` is `class` or `target`.
 * @throws AssayError model-invalid, naming tree, node and attribute
 */
export function readTrees3(node: GraphNode, votes: "class" | "target", targets: number): TreeTable {
  const trees = node.ints("nodes_treeids");
  const ids = node.ints("nodes_nodeids");
  const count = trees.length;
  if (count === 0) throw node.fault("nodes_treeids is empty: an ensemble without trees");
  const name = (index: number) => `tree ${trees[index]}, node ${ids[index]}`;
  const list = (attribute: string, values: Float64Array): Float64Array => {
    if (values.length !== count) throw node.fault(`${attribute} has ${values.length} values for ${count} nodes`);
    return values;
  };
  const mode = readModes(node, count, name);
  const find = nodeFinder(node, trees, list("nodes_nodeids", ids));
  const children = (attribute: string): Uint32Array => {
    const values = list(attribute, node.ints(attribute));
    const found = new Uint32Array(count);
    for (let index = 0; index < count; index++) {
      if (mode[index] === leaf) continue;
      const child = find.inTreeOf(index, values[index] ?? -1);
      if (child === -1)
        throw node.fault(
          `${attribute}[${index}]: ${name(index)} leads to node ${values[index]}, which is not in the tree`,
        );
      found[index] = child;
    }
    return found;
  };
  const missing = node.ints("nodes_missing_value_tracks_true");
  const hitrates = numbers(node, "nodes_hitrates");
  return {
    mode,
    feature: list("nodes_featureids", node.ints("nodes_featureids")),
    threshold: list("nodes_values", numbers(node, "nodes_values")),
    missingTrue: Uint8Array.from({ length: count }, (_, index) => (missing[index] === 1 ? 1 : 0)),
    yes: children("nodes_truenodeids"),
    no: children("nodes_falsenodeids"),
    members: new Map(),
    cover: hitrates.length === count ? hitrates : null,
    roots: find.roots,
    ...readVotes(node, votes, targets, count, mode, find),
    targets,
    name,
  };
}

/** Numbers of a float attribute or its `_as_tensor` of doubles. */
export function numbers(node: GraphNode, attribute: string): Float64Array {
  const tensor = node.tensor(`${attribute}_as_tensor`);
  if (tensor === null) return node.floats(attribute);
  if (node.has(attribute)) throw node.fault(`${attribute} and ${attribute}_as_tensor exclude each other`);
  if (tensor.element === "string") throw node.fault(`${attribute}_as_tensor holds texts`);
  return Float64Array.from(tensor.values);
}

function readModes(node: GraphNode, count: number, name: (index: number) => string): Uint8Array {
  const texts = node.texts("nodes_modes");
  if (texts.length !== count) throw node.fault(`nodes_modes has ${texts.length} values for ${count} nodes`);
  return Uint8Array.from(texts, (text, index) => {
    const mode = modeTexts.get(text);
    if (mode === undefined)
      throw node.fault(`nodes_modes[${index}]: ${name(index)} has the mode ${JSON.stringify(text)}`);
    return mode;
  });
}

interface Finder {
  readonly roots: readonly number[];
  /** The node of an id in the tree that holds node `index`; −1 where there is none. */
  inTreeOf(index: number, id: number): number;
  /** The node of an id in a tree; −1 where there is none. */
  inTree(tree: number, id: number): number;
}

/** Node ids are nearly always 0, 1, 2 … in each tree: then a place is found by adding; else a map is made for the tree. */
function nodeFinder(node: GraphNode, trees: Float64Array, ids: Float64Array): Finder {
  const starts: number[] = [];
  const runOf = new Uint32Array(trees.length);
  const runOfTree = new Map<number, number>();
  for (let index = 0; index < trees.length; index++) {
    const tree = trees[index] ?? 0;
    if (index === 0 || tree !== trees[index - 1]) {
      if (runOfTree.has(tree)) throw node.fault(`nodes_treeids[${index}]: tree ${tree} begins a second time`);
      runOfTree.set(tree, starts.length);
      starts.push(index);
    }
    runOf[index] = starts.length - 1;
  }
  const maps = starts.map((start, run) => {
    const end = starts[run + 1] ?? trees.length;
    let inOrder = true;
    for (let index = start; index < end && inOrder; index++) inOrder = ids[index] === index - start;
    if (inOrder) return { start, size: end - start, map: null };
    const map = new Map<number, number>();
    for (let index = start; index < end; index++) {
      const id = ids[index] ?? 0;
      if (map.has(id)) throw node.fault(`nodes_nodeids[${index}]: tree ${trees[index]} has two nodes ${id}`);
      map.set(id, index);
    }
    return { start, size: end - start, map };
  });
  const inRun = (run: number | undefined, id: number): number => {
    const one = run === undefined ? undefined : maps[run];
    if (!one) return -1;
    if (one.map) return one.map.get(id) ?? -1;
    return id >= 0 && id < one.size ? one.start + id : -1;
  };
  return {
    roots: starts,
    inTreeOf: (index, id) => inRun(runOf[index], id),
    inTree: (tree, id) => inRun(runOfTree.get(tree), id),
  };
}

function readVotes(
  node: GraphNode,
  votes: "class" | "target",
  targets: number,
  count: number,
  mode: Uint8Array,
  find: Finder,
): Pick<TreeTable, "voteStart" | "voteTarget" | "voteWeight"> {
  const of = (attribute: string) => `${votes}_${attribute}`;
  const trees = node.ints(of("treeids"));
  const lists = {
    [of("nodeids")]: node.ints(of("nodeids")),
    [of("ids")]: node.ints(of("ids")),
    [of("weights")]: numbers(node, of("weights")),
  };
  for (const [attribute, values] of Object.entries(lists)) {
    if (values.length !== trees.length) {
      throw node.fault(`${attribute} has ${values.length} values, ${of("treeids")} ${trees.length}`);
    }
  }
  const [nodes, ids, weights] = Object.values(lists);
  const places = new Float64Array(trees.length);
  const voteStart = new Uint32Array(count + 1);
  for (let vote = 0; vote < trees.length; vote++) {
    const place = find.inTree(trees[vote] ?? -1, nodes?.[vote] ?? -1);
    if (place === -1) {
      throw node.fault(`${of("nodeids")}[${vote}]: node ${nodes?.[vote]} is not in tree ${trees[vote]}`);
    }
    const target = ids?.[vote] ?? -1;
    if (target < 0 || target >= targets) throw node.fault(`${of("ids")}[${vote}] is ${target}, there are ${targets}`);
    if (!Number.isFinite(weights?.[vote])) throw node.fault(`${of("weights")}[${vote}] is ${weights?.[vote]}`);
    // Old converters also gave inner nodes weights, which nobody reads.
    places[vote] = mode[place] === leaf ? place : -1;
    if (mode[place] === leaf) voteStart[place + 1] = (voteStart[place + 1] ?? 0) + 1;
  }
  for (let index = 0; index < count; index++)
    voteStart[index + 1] = (voteStart[index + 1] ?? 0) + (voteStart[index] ?? 0);
  const next = voteStart.slice();
  const total = voteStart[count] ?? 0;
  const voteTarget = new Uint32Array(total);
  const voteWeight = new Float64Array(total);
  for (let vote = 0; vote < trees.length; vote++) {
    const place = places[vote] ?? -1;
    if (place === -1) continue;
    const at = next[place] ?? 0;
    next[place] = at + 1;
    voteTarget[at] = ids?.[vote] ?? 0;
    voteWeight[at] = weights?.[vote] ?? 0;
  }
  return { voteStart, voteTarget, voteWeight };
}
