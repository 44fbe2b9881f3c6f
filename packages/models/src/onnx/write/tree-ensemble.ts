import { byEquality, type Forest, missingLeft } from "@assay/compute";
import { classifierOutputs, classLabels } from "./class-labels.ts";
import { type WrittenInput, writeInputs } from "./model-inputs.ts";
import { type Attribute, type ValueSpec, writeOnnx } from "./write-onnx.ts";

export interface WrittenTrees {
  readonly inputs: readonly WrittenInput[];
  /**
   * Its base and its leaves are written as float32. One output: a number, or of two classes the log-odds of the second;
   * several: scores of as many classes, of which softmax makes probabilities.
   */
  readonly forest: Forest;
  /** Null for numbers. */
  readonly classes: readonly string[] | null;
  /** What numbers are called, default `value`; a name with `prob` in it says that they are probabilities. */
  readonly output?: string;
}

/** A TreeEnsembleClassifier or TreeEnsembleRegressor (ai.onnx.ml 3), with the covers as hit rates where they are known. */
export function writeTreeEnsemble({
  inputs: given,
  forest,
  classes,
  output = "value",
}: WrittenTrees): Uint8Array<ArrayBuffer> {
  const { inputs, nodes, tensor, fresh } = writeInputs(given);
  const votes = classes ? "class" : "target";
  const attributes: Record<string, Attribute> = {
    ...treeAttributes(forest, votes),
    base_values: { floats: [...forest.base] },
    post_transform: { text: classes === null ? "NONE" : forest.outputs === 1 ? "LOGISTIC" : "SOFTMAX" },
    ...(classes ? classLabels(classes, "classlabels_int64s") : { n_targets: { int: forest.outputs } }),
  };
  const operator = classes ? "TreeEnsembleClassifier" : "TreeEnsembleRegressor";
  const outputs: readonly ValueSpec[] = classes
    ? classifierOutputs(classes, fresh)
    : [{ name: fresh(output), type: "float", dims: ["N", forest.outputs] }];
  const names = outputs.map(({ name }) => name);
  return writeOnnx({
    nodes: [...nodes, { operator, domain: "ai.onnx.ml", name: "trees", inputs: [tensor], outputs: names, attributes }],
    inputs,
    outputs,
  });
}

/** Nodes tree by tree, each tree's from its root on in the order of the forest. */
function treeAttributes(forest: Forest, votes: "class" | "target"): Record<string, Attribute> {
  const lists = {
    nodes_treeids: [] as number[],
    nodes_nodeids: [] as number[],
    nodes_featureids: [] as number[],
    nodes_values: [] as number[],
    nodes_hitrates: [] as number[],
    nodes_truenodeids: [] as number[],
    nodes_falsenodeids: [] as number[],
    nodes_missing_value_tracks_true: [] as number[],
  };
  const modes: string[] = [];
  const voted = { treeids: [] as number[], nodeids: [] as number[], ids: [] as number[], weights: [] as number[] };
  for (const [tree, root] of forest.roots.entries()) {
    const own = [root];
    const place = new Map([[root, 0]]);
    for (let at = 0; at < own.length; at++) {
      const node = own[at] ?? 0;
      const inner = (forest.column[node] ?? -1) >= 0;
      if (inner) {
        for (const child of [forest.left[node] ?? 0, forest.right[node] ?? 0]) {
          place.set(child, own.length);
          own.push(child);
        }
      }
      const rule = forest.rule[node] ?? 0;
      modes.push(inner ? ((rule & byEquality) !== 0 ? "BRANCH_EQ" : "BRANCH_LEQ") : "LEAF");
      lists.nodes_treeids.push(tree);
      lists.nodes_nodeids.push(at);
      lists.nodes_featureids.push(inner ? (forest.column[node] ?? 0) : 0);
      lists.nodes_values.push(inner ? (forest.threshold[node] ?? 0) : 0);
      lists.nodes_hitrates.push(forest.cover?.[node] ?? 1);
      lists.nodes_truenodeids.push(inner ? (place.get(forest.left[node] ?? 0) ?? 0) : 0);
      lists.nodes_falsenodeids.push(inner ? (place.get(forest.right[node] ?? 0) ?? 0) : 0);
      lists.nodes_missing_value_tracks_true.push(inner && (rule & missingLeft) !== 0 ? 1 : 0);
      if (inner) continue;
      for (let vote = forest.left[node] ?? 0; vote < (forest.right[node] ?? 0); vote++) {
        voted.treeids.push(tree);
        voted.nodeids.push(at);
        voted.ids.push(forest.leafOutput[vote] ?? 0);
        voted.weights.push(forest.leafValue[vote] ?? 0);
      }
    }
  }
  const { nodes_values, nodes_hitrates, ...integers } = lists;
  return {
    ...Object.fromEntries(Object.entries(integers).map(([name, ints]) => [name, { ints }])),
    nodes_modes: { texts: modes },
    nodes_values: { floats: nodes_values },
    ...(forest.cover ? { nodes_hitrates: { floats: nodes_hitrates } } : {}),
    [`${votes}_treeids`]: { ints: voted.treeids },
    [`${votes}_nodeids`]: { ints: voted.nodeids },
    [`${votes}_ids`]: { ints: voted.ids },
    [`${votes}_weights`]: { floats: voted.weights },
  };
}
