import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  linearClassifier,
  ml,
  type TreeStyle,
  treeClassifier,
} from "../../../packages/models/src/onnx/frameworks/exporters.testing.ts";
import type { FixtureTree } from "../../../packages/models/src/onnx/frameworks/fixture.testing.ts";
import { type NodeSpec, writeOnnx } from "../../../packages/models/src/onnx/write/write-onnx.ts";
import { filesOf, placed, written } from "../../../packages/models/src/tensorflow/written-models.testing.ts";
import { root } from "../../paths.ts";

/*
 * Files as the exporters of docs/models write them, of the numbers that make_models.py took from the libraries. PyTorch's own
 * is kept as PyTorch wrote it.
 */

interface Models {
  readonly lightgbm: { readonly trees: FixtureTree[]; readonly base: readonly [number]; readonly scores: number[] };
  readonly pytorch: { readonly scores: number[] };
  readonly "scikit-learn": {
    readonly mean: number[];
    readonly scale: number[];
    readonly categories: string[];
    readonly coef: number[][];
    readonly intercept: number[];
    readonly scores: number[];
  };
  readonly tensorflow: { readonly layers: (readonly [number[][], number[]])[]; readonly scores: number[] };
  readonly xgboost: { readonly trees: FixtureTree[]; readonly scores: number[] };
}

export const models = JSON.parse(readFileSync(join(root, "tests/docs/models/models.json"), "utf8")) as Models;

const two = ["0", "1"] as const;

/** skl2onnx: a column each, scaled and one-hot encoded, before a linear classifier. */
export function sklearnModel(): Uint8Array {
  const { mean, scale, categories, coef, intercept } = models["scikit-learn"];
  return linearClassifier({
    classes: two,
    coef,
    intercept,
    transform: "LOGISTIC",
    normalize: false,
    input: {
      name: "features",
      nodes: [
        {
          operator: "Concat",
          inputs: ["age", "income", "debt"],
          outputs: ["numbers"],
          attributes: { axis: { int: 1 } },
        },
        {
          operator: "Scaler",
          domain: ml,
          inputs: ["numbers"],
          outputs: ["scaled"],
          attributes: { offset: { floats: mean }, scale: { floats: scale.map((one) => 1 / one) } },
        },
        {
          operator: "OneHotEncoder",
          domain: ml,
          inputs: ["town"],
          outputs: ["hot"],
          attributes: { cats_strings: { texts: categories }, zeros: { int: 1 } },
        },
        { operator: "Flatten", inputs: ["hot"], outputs: ["texts"], attributes: { axis: { int: 1 } } },
        { operator: "Concat", inputs: ["scaled", "texts"], outputs: ["features"], attributes: { axis: { int: 1 } } },
      ],
      inputs: [
        ...["age", "income", "debt"].map((name) => ({ name, type: "float" as const, dims: ["N", 1] })),
        { name: "town", type: "string", dims: ["N", 1] },
      ],
    },
  });
}

/** onnxmltools of LightGBM: the average stands in the first tree. */
export function lightgbmModel(): Uint8Array {
  const { trees, base } = models.lightgbm;
  const leaf: TreeStyle["leaf"] = ([value = 0], tree) => [[0, value + (tree === 0 ? base[0] : 0)]];
  const style: TreeStyle = { votes: "class", leaf, mode: "BRANCH_LEQ", hitrates: "ones" };
  return treeClassifier({ trees, classes: two, inputs: 4, style, transform: "LOGISTIC" });
}

/** onnxmltools of XGBoost: x < t, the base score as a margin: that of 0.5, which XGBoost 1.7 begins with, is 0. */
export function xgboostModel(trees: readonly FixtureTree[] = models.xgboost.trees): Uint8Array {
  const leaf: TreeStyle["leaf"] = ([value = 0]) => [[0, value]];
  const style: TreeStyle = { votes: "class", leaf, mode: "BRANCH_LT", hitrates: "none" };
  return treeClassifier({ trees, classes: two, inputs: 4, style, transform: "LOGISTIC", base: [0] });
}

interface DumpNode {
  readonly nodeid: number;
  readonly leaf?: number;
  readonly split?: string;
  readonly split_condition?: number;
  readonly yes?: number;
  readonly no?: number;
  readonly missing?: number;
  readonly cover?: number;
  readonly children?: readonly DumpNode[];
}

/** A model of what `dump_model(dump_format="json")` wrote. */
export function xgboostFromDump(text: string): Uint8Array {
  return xgboostModel((JSON.parse(text) as readonly DumpNode[]).map(treeOfDump));
}

function treeOfDump(top: DumpNode): FixtureTree {
  const nodes: DumpNode[] = [];
  const collect = (node: DumpNode): void => {
    nodes.push(node);
    for (const child of node.children ?? []) collect(child);
  };
  collect(top);
  const placeOf = (id: number | undefined) => nodes.findIndex((node) => node.nodeid === id);
  return {
    feature: nodes.map((node) => (node.split === undefined ? -2 : Number(node.split.slice(1)))),
    threshold: nodes.map((node) => Math.fround(node.split_condition ?? 0)),
    left: nodes.map((node) => Math.max(0, placeOf(node.yes))),
    right: nodes.map((node) => Math.max(0, placeOf(node.no))),
    missing_left: nodes.map((node) => (node.missing === node.yes ? 1 : 0)),
    value: nodes.map((node) => [node.leaf ?? 0]),
    cover: nodes.map((node) => node.cover ?? 0),
  };
}

function tf2onnxModel(): Uint8Array {
  const { layers } = models.tensorflow;
  const name = (place: number) => `sequential/dense${place === 0 ? "" : `_${place}`}`;
  const last = layers.length - 1;
  return writeOnnx({
    producer: "tf2onnx",
    nodes: layers.flatMap((_, place): NodeSpec[] => [
      {
        operator: "MatMul",
        inputs: [place === 0 ? "dense_input" : `${name(place - 1)}/Relu:0`, `${name(place)}/kernel`],
        outputs: [`${name(place)}/MatMul:0`],
      },
      {
        operator: "Add",
        inputs: [`${name(place)}/MatMul:0`, `${name(place)}/bias`],
        outputs: [`${name(place)}/BiasAdd:0`],
      },
      {
        operator: place === last ? "Sigmoid" : "Relu",
        inputs: [`${name(place)}/BiasAdd:0`],
        outputs: [place === last ? "dense_1" : `${name(place)}/Relu:0`],
      },
    ]),
    initializers: layers.flatMap(([kernel, bias], place) => [
      { name: `${name(place)}/kernel`, type: "float", dims: [kernel.length, bias.length], values: kernel.flat() },
      { name: `${name(place)}/bias`, type: "float", dims: [bias.length], values: bias },
    ]),
    inputs: [{ name: "dense_input", type: "float", dims: ["unk__1", 3] }],
    outputs: [{ name: "dense_1", type: "float", dims: ["unk__2", 1] }],
  });
}

/** A network of dense layers as tensorflowjs_converter writes it, or as tf2onnx does: MatMul, Add, Relu, …, Sigmoid. */
export async function tensorflowModel(folder: string, file: string): Promise<void> {
  const { layers } = models.tensorflow;
  if (file.endsWith(".onnx")) {
    writeFileSync(join(folder, file), tf2onnxModel());
    return;
  }
  const own = await written(({ sequential, layers: make }) =>
    sequential({
      layers: [
        make.dense({ units: 8, activation: "relu", inputShape: [3] }),
        make.dense({ units: 1, activation: "sigmoid" }),
      ],
    }),
  );
  const values = layers.flatMap(([kernel, bias]) => [Float32Array.from(kernel.flat()), Float32Array.from(bias)]);
  const weights = own.weights.map((weight, place) => ({ ...weight, values: values[place] ?? weight.values }));
  placed(folder, file.replace(/\/model\.json$/, ""), filesOf({ ...own, weights }));
}
