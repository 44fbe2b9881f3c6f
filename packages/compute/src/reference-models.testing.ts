import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { type Forest, floorFloat32 } from "./forest.ts";
import type { Network } from "./network.ts";

const folder = fileURLToPath(new URL("../../../../shared/reference/models/", import.meta.url));

/** Why a test that needs the reference models is skipped, or null. */
export const missingModels = existsSync(folder) ? null : "no ../shared/reference/models";

interface TreeFile {
  readonly aggregate: "mean" | "sum";
  readonly learning_rate?: number;
  readonly base?: number;
  readonly trees: readonly {
    readonly feature: readonly number[];
    readonly threshold: readonly number[];
    readonly left: readonly number[];
    readonly right: readonly number[];
    readonly cover: readonly number[];
    readonly value: readonly number[];
  }[];
}

interface NetworkFile {
  readonly activation: "relu" | "tanh";
  readonly out: "logistic" | "softmax";
  readonly coefs: readonly (readonly (readonly number[])[])[];
  readonly intercepts: readonly (readonly number[])[];
}

/** A tree model of scikit-learn as a forest with one output: the probability of class 1, or its log-odds where boosted. */
export function referenceForest(name: "gb100_d3_adult" | "rf100_d8_adult"): Forest {
  const file: TreeFile = read(name);
  const factor = file.aggregate === "mean" ? 1 / file.trees.length : (file.learning_rate ?? 1);
  const nodes: { column: number; threshold: number; left: number; right: number; cover: number }[] = [];
  const roots: number[] = [];
  const leafValue: number[] = [];
  for (const tree of file.trees) {
    const first = nodes.length;
    roots.push(first);
    for (const [node, column] of tree.feature.entries()) {
      const leaf = column < 0;
      if (leaf) leafValue.push((tree.value[node] ?? 0) * factor);
      nodes.push({
        column: leaf ? -1 : column,
        threshold: leaf ? 0 : floorFloat32(tree.threshold[node] ?? 0),
        left: leaf ? leafValue.length - 1 : first + (tree.left[node] ?? 0),
        right: leaf ? leafValue.length : first + (tree.right[node] ?? 0),
        cover: tree.cover[node] ?? 0,
      });
    }
  }
  return {
    inputs: 14,
    outputs: 1,
    base: Float64Array.of(file.base ?? 0),
    roots: Uint32Array.from(roots),
    column: Int32Array.from(nodes, (node) => node.column),
    threshold: Float32Array.from(nodes, (node) => node.threshold),
    rule: new Uint8Array(nodes.length),
    left: Uint32Array.from(nodes, (node) => node.left),
    right: Uint32Array.from(nodes, (node) => node.right),
    leafOutput: new Uint32Array(leafValue.length),
    leafValue: Float64Array.from(leafValue),
    cover: Float64Array.from(nodes, (node) => node.cover),
  };
}

/** A network of scikit-learn. */
export function referenceNetwork(name: "mlp_breast_cancer" | "mlp_mnist" | "mlp_synth50"): Network {
  const file: NetworkFile = read(name);
  return file.coefs.map((weights, layer) => ({
    inputs: weights.length,
    outputs: weights[0]?.length ?? 0,
    weights: Float32Array.from(weights.flat()),
    bias: Float32Array.from(file.intercepts[layer] ?? []),
    activation: layer === file.coefs.length - 1 ? file.out : file.activation,
  }));
}

function read<T>(name: string): T {
  return JSON.parse(gunzipSync(readFileSync(`${folder}${name}.json.gz`)).toString("utf8")) as T;
}
