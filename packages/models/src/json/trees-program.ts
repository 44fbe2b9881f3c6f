import { type ModelPart, modelError } from "../model-error.ts";
import { logistic } from "../onnx/post-transform.ts";
import { checkTrees } from "../onnx/trees/read-trees.ts";
import { toForest } from "../onnx/trees/to-forest.ts";
import { treePaths } from "../onnx/trees/tree-paths.ts";
import { modes, type TreeTable } from "../onnx/trees/tree-table.ts";
import type { Step } from "../program/program.ts";
import type { CompiledJson } from "./open-json.ts";
import { profileTrees } from "./profile-json.ts";
import type { TreesJson } from "./schema.ts";

const leaf = modes.indexOf("leaf");
const leq = modes.indexOf("leq");

/** Trees as one forest and its link. Inputs are compared as float32, as scikit-learn does. */
export function treesProgram(file: string, model: TreesJson): CompiledJson {
  const part: ModelPart = { place: "trees", fault: (message) => modelError(file, "trees", message) };
  const inputs = model.n_features;
  if (model.features && model.features.length !== inputs) {
    throw modelError(file, "features", `${model.features.length} names for ${inputs} features`);
  }
  const table = tableOf(file, model);
  checkTrees(part, table);
  const scale = model.aggregate === "mean" ? 1 / model.trees.length : model.learning_rate;
  const forest = toForest(part, table, { inputs, base: Float64Array.of(model.base), scale, cuts: null });
  const paths = treePaths(table);
  const columns = Array.from({ length: inputs }, (_, index) => index);
  const [sum, linked] = [inputs, inputs + 1];
  const steps: Step[] = [{ kind: "forest", inputs: columns, outputs: [sum], forest }];
  const probability = model.link === "logistic" || model.kind === "forest";
  if (model.link === "logistic") {
    steps.push({
      kind: "host",
      inputs: [sum],
      outputs: [linked],
      run: ([column]) => [Float64Array.from(column as Float64Array, logistic)],
      fuse: { kind: "activation", activation: "logistic" },
      links: [{ kind: "logistic", of: { terms: [{ of: 0, weight: 1 }], shift: 0 } }],
    });
  }
  return {
    program: {
      inputs: columns,
      steps,
      outputs: [{ name: "output", columns: [model.link === "logistic" ? linked : sum] }],
      registers: inputs + 2,
    },
    inputs,
    features: model.features ?? null,
    output: { kind: probability ? "probabilities" : "value", classes: null, width: 1 },
    parameters: paths.parameters,
    profile: profileTrees(paths, inputs, model.trees.length, model.link === "logistic"),
  };
}

function tableOf(file: string, model: TreesJson): TreeTable {
  const starts: number[] = [];
  let count = 0;
  for (const tree of model.trees) {
    starts.push(count);
    count += tree.feature.length;
  }
  const treeOf = (node: number): number => {
    let tree = starts.length - 1;
    while ((starts[tree] ?? 0) > node) tree--;
    return tree;
  };
  const covered = model.trees.every((tree) => tree.cover !== undefined);
  const table = {
    mode: new Uint8Array(count),
    feature: new Float64Array(count),
    threshold: new Float64Array(count),
    missingTrue: new Uint8Array(count),
    yes: new Uint32Array(count),
    no: new Uint32Array(count),
    members: new Map(),
    cover: covered ? new Float64Array(count) : null,
    roots: starts,
    voteStart: new Uint32Array(count + 1),
    voteTarget: new Uint32Array(count),
    voteWeight: new Float64Array(count),
    targets: 1,
    name: (node: number) => `tree ${treeOf(node)}, node ${node - (starts[treeOf(node)] ?? 0)}`,
  } satisfies TreeTable;
  let votes = 0;
  for (const [index, tree] of model.trees.entries()) {
    const place = `trees.${index}`;
    const start = starts[index] ?? 0;
    const size = tree.feature.length;
    if (size === 0) throw modelError(file, place, "a tree without nodes");
    for (const [name, list] of Object.entries(tree)) {
      if (list.length !== size) throw modelError(file, `${place}.${name}`, `${list.length} values for ${size} nodes`);
    }
    for (let node = 0; node < size; node++) {
      const at = start + node;
      if (table.cover) table.cover[at] = tree.cover?.[node] ?? 0;
      const feature = tree.feature[node] ?? 0;
      if (feature < 0) {
        table.mode[at] = leaf;
        table.voteWeight[votes++] = tree.value[node] ?? 0;
      } else {
        table.mode[at] = leq;
        table.feature[at] = feature;
        table.threshold[at] = tree.threshold[node] ?? 0;
        for (const [side, into] of [
          ["left", table.yes],
          ["right", table.no],
        ] as const) {
          const child = tree[side][node] ?? -1;
          if (!(Number.isInteger(child) && child >= 0 && child < size)) {
            throw modelError(file, `${place}.${side}.${node}`, `leads to node ${child} of ${size}`);
          }
          into[at] = start + child;
        }
      }
      table.voteStart[at + 1] = votes;
    }
  }
  return table;
}
