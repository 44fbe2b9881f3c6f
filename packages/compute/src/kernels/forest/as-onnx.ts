import { byEquality, type Forest, missingLeft } from "../../forest.ts";
import { bytes, floats, integer, integers, join, text } from "../../protobuf.ts";

const attribute = { float: 1, int: 2, string: 3, floats: 6, ints: 7, strings: 8 } as const;

/**
 * A forest as an ONNX model (IR version 8, opset 13, ai.onnx.ml 3): input `x` float[rows, inputs], output `y` float[rows,
 * outputs]. Leaf values and base become float32. For holding this kernel beside other programs. Field numbers: onnx.proto
 * of ONNX 1.12.
 */
export function forestAsOnnx(forest: Forest): Uint8Array {
  const { inputs, outputs, base, roots } = forest;
  const nodes = roots.length === 0 ? [] : nodesOf(forest);
  const leaves = nodes.flatMap(({ tree, node }) => leafEntries(forest, node).map((entry) => ({ tree, node, entry })));
  const inner = ({ node }: { node: number }) => (forest.column[node] ?? -1) >= 0;
  const rule = (node: number) => forest.rule[node] ?? 0;
  const ensemble = join([
    ...[text(1, "x"), text(2, "y"), text(4, "TreeEnsembleRegressor"), text(7, "ai.onnx.ml")],
    one("n_targets", attribute.int, integer(3, outputs)),
    one("aggregate_function", attribute.string, text(4, "SUM")),
    one("post_transform", attribute.string, text(4, "NONE")),
    one("base_values", attribute.floats, floats(7, [...base])),
    ints("nodes_treeids", nodes, ({ tree }) => tree),
    ints("nodes_nodeids", nodes, ({ node }) => node),
    ints("nodes_featureids", nodes, (at) => (inner(at) ? (forest.column[at.node] ?? 0) : 0)),
    one(
      "nodes_values",
      attribute.floats,
      floats(
        7,
        nodes.map((at) => (inner(at) ? (forest.threshold[at.node] ?? 0) : 0)),
      ),
    ),
    one(
      "nodes_modes",
      attribute.strings,
      join(nodes.map((at) => text(9, inner(at) ? modes[rule(at.node) & byEquality ? 1 : 0] : "LEAF"))),
    ),
    ints("nodes_truenodeids", nodes, (at) => (inner(at) ? (forest.left[at.node] ?? 0) : 0)),
    ints("nodes_falsenodeids", nodes, (at) => (inner(at) ? (forest.right[at.node] ?? 0) : 0)),
    ints("nodes_missing_value_tracks_true", nodes, (at) => (rule(at.node) & missingLeft ? 1 : 0)),
    ints("target_treeids", leaves, ({ tree }) => tree),
    ints("target_nodeids", leaves, ({ node }) => node),
    ints("target_ids", leaves, ({ entry }) => forest.leafOutput[entry] ?? 0),
    one(
      "target_weights",
      attribute.floats,
      floats(
        7,
        leaves.map(({ entry }) => forest.leafValue[entry] ?? 0),
      ),
    ),
  ]);
  const graph = join([
    bytes(1, ensemble),
    text(2, "forest"),
    bytes(11, port("x", inputs)),
    bytes(12, port("y", outputs)),
  ]);
  const opsets = [join([text(1, ""), integer(2, 13)]), join([text(1, "ai.onnx.ml"), integer(2, 3)])];
  return join([integer(1, 8), bytes(7, graph), ...opsets.map((opset) => bytes(8, opset))]);
}

const modes = ["BRANCH_LEQ", "BRANCH_EQ"] as const;

interface Placed {
  readonly tree: number;
  readonly node: number;
}

/** The nodes of every tree, the root first. */
function nodesOf({ roots, column, left, right }: Forest): Placed[] {
  const nodes: Placed[] = [];
  for (const [tree, root] of roots.entries()) {
    const open = [root];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      nodes.push({ tree, node });
      if ((column[node] ?? -1) >= 0) open.push(right[node] ?? 0, left[node] ?? 0);
    }
  }
  return nodes;
}

function leafEntries({ column, left, right }: Forest, node: number): number[] {
  if ((column[node] ?? -1) >= 0) return [];
  const first = left[node] ?? 0;
  return Array.from({ length: (right[node] ?? 0) - first }, (_, index) => first + index);
}

function one(name: string, type: number, value: Uint8Array): Uint8Array {
  return bytes(5, join([text(1, name), value, integer(20, type)]));
}

function ints<T>(name: string, list: readonly T[], value: (item: T) => number): Uint8Array {
  return one(name, attribute.ints, integers(8, list.map(value)));
}

function port(name: string, width: number): Uint8Array {
  const shape = join([bytes(1, text(2, "rows")), bytes(1, integer(1, width))]);
  return join([text(1, name), bytes(2, bytes(1, join([integer(1, 1), bytes(2, shape)])))]);
}
