import type { GraphNode } from "../graph.ts";
import { modes, type TreeTable } from "./tree-table.ts";

const member = modes.indexOf("member");
const leaf = modes.indexOf("leaf");

/**
 * The trees of TreeEnsemble (ai.onnx.ml 5): inner nodes and leaves are listed apart. In the table the leaves follow the
 * inner nodes. A tree of one leaf is a node whose branches are the same leaf.
 * @throws AssayError model-invalid, naming node and attribute
 */
export function readTrees5(node: GraphNode): TreeTable {
  const feature = node.ints("nodes_featureids");
  const inner = feature.length;
  const targets = node.int("n_targets") ?? 0;
  if (targets < 1) throw node.fault(`n_targets is ${targets}`);
  const list = (attribute: string, values: Float64Array, count: number): Float64Array => {
    if (values.length !== count) throw node.fault(`${attribute} has ${values.length} values, ${count} belong there`);
    return values;
  };
  const tensor = (attribute: string): Float64Array => {
    const values = node.tensor(attribute);
    if (values === null) return new Float64Array(0);
    if (values.element === "string") throw node.fault(`${attribute} holds texts`);
    return Float64Array.from(values.values);
  };
  const leafTargets = node.ints("leaf_targetids");
  const leaves = leafTargets.length;
  const weights = list("leaf_weights", tensor("leaf_weights"), leaves);
  const count = inner + leaves;
  const modeNumbers = list("nodes_modes", tensor("nodes_modes"), inner);
  const mode = new Uint8Array(count).fill(leaf);
  for (let index = 0; index < inner; index++) {
    const number = modeNumbers[index] ?? -1;
    if (!(number >= 0 && number <= member)) throw node.fault(`nodes_modes[${index}] is ${number}`);
    mode[index] = number;
  }
  const children = (which: "false" | "true"): Uint32Array => {
    const ids = list(`nodes_${which}nodeids`, node.ints(`nodes_${which}nodeids`), inner);
    const toLeaf = list(`nodes_${which}leafs`, node.ints(`nodes_${which}leafs`), inner);
    const found = new Uint32Array(count);
    for (let index = 0; index < inner; index++) {
      const id = ids[index] ?? -1;
      const limit = toLeaf[index] ? leaves : inner;
      if (!(id >= 0 && id < limit)) {
        throw node.fault(
          `nodes_${which}nodeids[${index}] is ${id}, there are ${limit} ${toLeaf[index] ? "leaves" : "inner nodes"}`,
        );
      }
      found[index] = toLeaf[index] ? inner + id : id;
    }
    return found;
  };
  const yes = children("true");
  const no = children("false");
  const roots = [...node.ints("tree_roots")].map((root, tree) => {
    if (!(root >= 0 && root < inner))
      throw node.fault(`tree_roots[${tree}] is ${root}, there are ${inner} inner nodes`);
    // The encoding has no other form for a tree of one leaf.
    return yes[root] === no[root] && (yes[root] ?? 0) >= inner ? (yes[root] ?? 0) : root;
  });
  if (roots.length === 0) throw node.fault("tree_roots is empty: an ensemble without trees");
  for (let index = 0; index < leaves; index++) {
    const target = leafTargets[index] ?? -1;
    if (!(target >= 0 && target < targets))
      throw node.fault(`leaf_targetids[${index}] is ${target}, there are ${targets}`);
    if (!Number.isFinite(weights[index])) throw node.fault(`leaf_weights[${index}] is ${weights[index]}`);
  }
  const missing = node.ints("nodes_missing_value_tracks_true");
  const threshold = new Float64Array(count);
  threshold.set(list("nodes_splits", tensor("nodes_splits"), inner));
  const features = new Float64Array(count);
  features.set(feature);
  return {
    mode,
    feature: features,
    threshold,
    missingTrue: Uint8Array.from({ length: count }, (_, index) => (missing[index] === 1 ? 1 : 0)),
    yes,
    no,
    members: readMembers(node, mode, inner, tensor("membership_values")),
    // Hit rates are told for inner nodes only, so a leaf's share is not known.
    cover: null,
    roots,
    voteStart: Uint32Array.from({ length: count + 1 }, (_, index) => Math.max(0, index - inner)),
    voteTarget: Uint32Array.from(leafTargets),
    voteWeight: weights,
    targets,
    name: (index) => (index < inner ? `node ${index}` : `leaf ${index - inner}`),
  };
}

/** The values of all `member` nodes, in the order of the nodes, each set ended by NaN. */
function readMembers(
  node: GraphNode,
  mode: Uint8Array,
  inner: number,
  values: Float64Array,
): ReadonlyMap<number, readonly number[]> {
  const members = new Map<number, readonly number[]>();
  let at = 0;
  for (let index = 0; index < inner; index++) {
    if (mode[index] !== member) continue;
    const own: number[] = [];
    while (at < values.length && !Number.isNaN(values[at])) own.push(values[at++] ?? 0);
    at++;
    if (own.length === 0) throw node.fault(`membership_values: node ${index} has no values`);
    members.set(index, own);
  }
  return members;
}
