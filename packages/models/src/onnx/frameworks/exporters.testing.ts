import { floorFloat32, previousFloat32 } from "@assay/compute";
import { type Attribute, type ModelSpec, type NodeSpec, type ValueSpec, writeOnnx } from "../write/write-onnx.ts";
import type { FixtureTree } from "./fixture.testing.ts";

/*
 * Graphs as the exporters write them, read off their sources: skl2onnx (operator_converters/*.py, common/tree_ensemble.py),
 * onnxmltools (lightgbm/operator_converters/LightGbm.py, xgboost/operator_converters/XGBoost.py), torch.onnx.
 */

export const ml = "ai.onnx.ml";

export interface TreeStyle {
  readonly votes: "class" | "target";
  /** For a leaf of a tree its [id, weight] pairs. */
  readonly leaf: (value: readonly number[], tree: number) => readonly (readonly [number, number])[];
  /** XGBoost asks x < t, all others x ≤ t. */
  readonly mode: "BRANCH_LEQ" | "BRANCH_LT";
  readonly hitrates: "covers" | "none" | "ones";
  /** Thresholds and weights as `_as_tensor` of doubles. */
  readonly double?: boolean;
}

/** The attributes nodes_* and class_* or target_* of an ensemble. */
export function treeAttributes(trees: readonly FixtureTree[], style: TreeStyle): Record<string, Attribute> {
  const lists: Record<string, number[]> = {};
  const ints = (name: string): number[] => {
    const list = lists[name] ?? [];
    lists[name] = list;
    return list;
  };
  const modes: string[] = [];
  for (const [tree, one] of trees.entries()) {
    for (const [node, feature] of one.feature.entries()) {
      const isLeaf = feature < 0;
      const threshold = one.threshold[node] ?? 0;
      ints("nodes_treeids").push(tree);
      ints("nodes_nodeids").push(node);
      ints("nodes_featureids").push(isLeaf ? 0 : feature);
      ints("nodes_values").push(isLeaf ? 0 : style.double ? threshold : asFloat(threshold, style.mode));
      modes.push(isLeaf ? "LEAF" : style.mode);
      ints("nodes_truenodeids").push(isLeaf ? 0 : (one.left[node] ?? 0));
      ints("nodes_falsenodeids").push(isLeaf ? 0 : (one.right[node] ?? 0));
      ints("nodes_missing_value_tracks_true").push(isLeaf ? 0 : (one.missing_left?.[node] ?? 0));
      ints("nodes_hitrates").push(style.hitrates === "covers" ? (one.cover[node] ?? 0) : 1);
      if (!isLeaf) continue;
      for (const [id, weight] of style.leaf(one.value[node] ?? [], tree)) {
        ints(`${style.votes}_treeids`).push(tree);
        ints(`${style.votes}_nodeids`).push(node);
        ints(`${style.votes}_ids`).push(id);
        ints(`${style.votes}_weights`).push(weight);
      }
    }
  }
  const attributes: Record<string, Attribute> = { nodes_modes: { texts: modes } };
  for (const [name, values] of Object.entries(lists)) {
    if (name === "nodes_hitrates" && style.hitrates === "none") continue;
    const numbers = name.endsWith("values") || name.endsWith("weights") || name.endsWith("hitrates");
    if (numbers && style.double) {
      attributes[`${name}_as_tensor`] = { tensor: { name, type: "double", dims: [values.length], values } };
    } else attributes[name] = numbers ? { floats: values } : { ints: values };
  }
  return attributes;
}

/** A float32 threshold that decides every float32 as the float64 one does; for x < t the next above. */
function asFloat(threshold: number, mode: TreeStyle["mode"]): number {
  const floor = floorFloat32(threshold);
  return mode === "BRANCH_LEQ" ? floor : -previousFloat32(-floor);
}

export function labelAttribute(
  classes: readonly string[],
  name: "classlabels_int64s" | "classlabels_ints" = "classlabels_int64s",
): Record<string, Attribute> {
  const numeric = classes.every((one) => /^-?\d+$/.test(one));
  return numeric ? { [name]: { ints: classes.map(Number) } } : { classlabels_strings: { texts: classes } };
}

/** Outputs as skl2onnx gives them: a label and, of a ZipMap, a sequence of maps from class to probability. */
export function withZipMap(
  classes: readonly string[],
  label: string,
  probabilities: string,
): { nodes: readonly NodeSpec[]; outputs: readonly ValueSpec[] } {
  const numeric = classes.every((one) => /^-?\d+$/.test(one));
  return {
    nodes: [
      numeric
        ? { operator: "Cast", inputs: [label], outputs: ["output_label"], attributes: { to: { int: 7 } } }
        : { operator: "Identity", inputs: [label], outputs: ["output_label"] },
      {
        operator: "ZipMap",
        domain: ml,
        inputs: [probabilities],
        outputs: ["output_probability"],
        attributes: labelAttribute(classes),
      },
    ],
    outputs: [
      { name: "output_label", type: numeric ? "int64" : "string", dims: ["N"] },
      { name: "output_probability", type: numeric ? "sequence" : "sequence-string" },
    ],
  };
}

export interface TreeClassifier {
  readonly trees: readonly FixtureTree[];
  readonly classes: readonly string[];
  readonly inputs: number;
  readonly style: TreeStyle;
  readonly transform: string;
  readonly base?: readonly number[];
}

/** A TreeEnsembleClassifier with a ZipMap behind it. */
export function treeClassifier(model: TreeClassifier): Uint8Array<ArrayBuffer> {
  const { classes, style } = model;
  const ends = withZipMap(classes, "label", "probabilities");
  const base: Record<string, Attribute> =
    model.base === undefined
      ? {}
      : style.double
        ? {
            base_values_as_tensor: {
              tensor: { name: "b", type: "double", dims: [model.base.length], values: model.base },
            },
          }
        : { base_values: { floats: model.base } };
  return writeOnnx({
    nodes: [
      {
        operator: "TreeEnsembleClassifier",
        domain: ml,
        name: "trees",
        inputs: ["X"],
        outputs: ["label", "probabilities"],
        attributes: {
          ...treeAttributes(model.trees, style),
          ...labelAttribute(classes),
          ...base,
          post_transform: { text: model.transform },
        },
      },
      ...ends.nodes,
    ],
    inputs: [{ name: "X", type: style.double ? "double" : "float", dims: ["N", model.inputs] }],
    outputs: ends.outputs,
  });
}

/** A TreeEnsembleRegressor of one target. */
export function treeRegressor(model: {
  readonly trees: readonly FixtureTree[];
  readonly inputs: number;
  readonly style: TreeStyle;
  readonly aggregate: string;
  readonly base?: readonly number[];
}): Uint8Array<ArrayBuffer> {
  return writeOnnx({
    nodes: [
      {
        operator: "TreeEnsembleRegressor",
        domain: ml,
        inputs: ["X"],
        outputs: ["variable"],
        attributes: {
          ...treeAttributes(model.trees, model.style),
          n_targets: { int: 1 },
          aggregate_function: { text: model.aggregate },
          ...(model.base ? { base_values: { floats: model.base } } : {}),
        },
      },
    ],
    inputs: [{ name: "X", type: "float", dims: ["N", model.inputs] }],
    outputs: [{ name: "variable", type: "float", dims: ["N", 1] }],
  });
}

/** TreeEnsemble (ai.onnx.ml 5): leaves apart, `leaf_targetids` one for each leaf. Every tree must have an inner node. */
export function treeEnsemble5(model: {
  readonly trees: readonly FixtureTree[];
  readonly inputs: number;
  readonly targets: number;
  readonly type: "double" | "float";
  readonly target: (tree: number) => number;
  readonly scale: number;
  readonly transform: number;
  readonly aggregate: number;
}): Uint8Array<ArrayBuffer> {
  const lists: Record<string, number[]> = {};
  const push = (name: string, value: number) => {
    lists[name] = [...(lists[name] ?? []), value];
  };
  let inner = 0;
  let leaves = 0;
  for (const [tree, one] of model.trees.entries()) {
    const place = one.feature.map((feature) => (feature < 0 ? leaves++ : inner++));
    push("tree_roots", place[0] ?? 0);
    for (const [node, feature] of one.feature.entries()) {
      if (feature < 0) {
        push("leaf_targetids", model.target(tree));
        push("leaf_weights", (one.value[node]?.[0] ?? 0) * model.scale);
        continue;
      }
      const [left, right] = [one.left[node] ?? 0, one.right[node] ?? 0];
      push("nodes_featureids", feature);
      push(
        "nodes_splits",
        model.type === "double" ? (one.threshold[node] ?? 0) : floorFloat32(one.threshold[node] ?? 0),
      );
      push("nodes_modes", 0);
      push("nodes_missing_value_tracks_true", one.missing_left?.[node] ?? 0);
      for (const [which, child] of [
        ["true", left],
        ["false", right],
      ] as const) {
        push(`nodes_${which}nodeids`, place[child] ?? 0);
        push(`nodes_${which}leafs`, (one.feature[child] ?? 0) < 0 ? 1 : 0);
      }
    }
  }
  const attributes: Record<string, Attribute> = {
    n_targets: { int: model.targets },
    post_transform: { int: model.transform },
    aggregate_function: { int: model.aggregate },
  };
  for (const [name, values] of Object.entries(lists)) {
    const type = name === "nodes_modes" ? "uint8" : model.type;
    const tensor = name === "leaf_weights" || name === "nodes_splits" || name === "nodes_modes";
    attributes[name] = tensor ? { tensor: { name, type, dims: [values.length], values } } : { ints: values };
  }
  return writeOnnx({
    mlOpset: 5,
    nodes: [{ operator: "TreeEnsemble", domain: ml, inputs: ["X"], outputs: ["variable"], attributes }],
    inputs: [{ name: "X", type: model.type, dims: ["N", model.inputs] }],
    outputs: [{ name: "variable", type: model.type, dims: ["N", model.targets] }],
  });
}

/** skl2onnx's logistic regression: two classes have both rows of coefficients; one against the rest is normalised. */
export function linearClassifier(model: {
  readonly classes: readonly string[];
  readonly coef: readonly (readonly number[])[];
  readonly intercept: readonly number[];
  readonly transform: "LOGISTIC" | "SOFTMAX";
  readonly normalize: boolean;
  readonly input?: {
    readonly name: string;
    readonly nodes: readonly NodeSpec[];
    readonly inputs: readonly ValueSpec[];
  };
}): Uint8Array<ArrayBuffer> {
  const { classes, coef, intercept } = model;
  const two = classes.length === 2;
  const coefficients = [...(two ? coef.flat().map((value) => -value) : []), ...coef.flat()];
  const intercepts = [...(two ? intercept.map((value) => -value) : []), ...intercept];
  const ends = withZipMap(classes, "label", model.normalize ? "normalized" : "scores");
  const spec: ModelSpec = {
    nodes: [
      ...(model.input?.nodes ?? []),
      {
        operator: "LinearClassifier",
        domain: ml,
        name: "LinearClassifier",
        inputs: [model.input?.name ?? "X"],
        outputs: ["label", "scores"],
        attributes: {
          coefficients: { floats: coefficients },
          intercepts: { floats: intercepts },
          multi_class: { int: two ? 0 : 1 },
          post_transform: { text: model.transform },
          ...labelAttribute(classes, "classlabels_ints"),
        },
      },
      ...(model.normalize
        ? [
            {
              operator: "Normalizer",
              domain: ml,
              inputs: ["scores"],
              outputs: ["normalized"],
              attributes: { norm: { text: "L1" } },
            } as const,
          ]
        : []),
      ...ends.nodes,
    ],
    inputs: model.input?.inputs ?? [{ name: "X", type: "float", dims: ["N", coef[0]?.length ?? 0] }],
    outputs: ends.outputs,
  };
  return writeOnnx(spec);
}

/** skl2onnx's perceptron: MatMul, Add of [1, k], activation; of two classes 1 − p and p; the label by ArgMax. */
export function perceptron(model: {
  readonly coefs: readonly (readonly (readonly number[])[])[];
  readonly intercepts: readonly (readonly number[])[];
  readonly activation: "Relu" | "Sigmoid" | "Tanh";
  readonly out: "Identity" | "Sigmoid" | "Softmax";
  readonly classes: readonly string[];
}): Uint8Array<ArrayBuffer> {
  const { coefs, intercepts, classes } = model;
  const nodes: NodeSpec[] = [{ operator: "Cast", inputs: ["X"], outputs: ["a0"], attributes: { to: { int: 1 } } }];
  const initializers: NonNullable<ModelSpec["initializers"]>[number][] = [];
  for (const [index, weights] of coefs.entries()) {
    const bias = intercepts[index] ?? [];
    initializers.push({
      name: `w${index}`,
      type: "float",
      dims: [weights.length, bias.length],
      values: weights.flat(),
    });
    initializers.push({ name: `b${index}`, type: "float", dims: [1, bias.length], values: bias });
    nodes.push({ operator: "MatMul", inputs: [`a${index}`, `w${index}`], outputs: [`m${index}`] });
    nodes.push({ operator: "Add", inputs: [`m${index}`, `b${index}`], outputs: [`s${index}`] });
    const operator = index === coefs.length - 1 ? model.out : model.activation;
    nodes.push({ operator, inputs: [`s${index}`], outputs: [`a${index + 1}`] });
  }
  const last = `a${coefs.length}`;
  const inputs: ValueSpec[] = [{ name: "X", type: "float", dims: ["N", coefs[0]?.length ?? 0] }];
  if (classes.length === 0) {
    initializers.push({ name: "shape", type: "int64", dims: [2], values: [-1, 1] });
    nodes.push({ operator: "Reshape", inputs: [last, "shape"], outputs: ["variable"] });
    return writeOnnx({ nodes, initializers, inputs, outputs: [{ name: "variable", type: "float", dims: ["N", 1] }] });
  }
  if (classes.length === 2) {
    initializers.push({ name: "unity", type: "float", dims: [], values: [1] });
    nodes.push({ operator: "Sub", inputs: ["unity", last], outputs: ["negative"] });
    nodes.push({
      operator: "Concat",
      inputs: ["negative", last],
      outputs: ["probabilities"],
      attributes: { axis: { int: 1 } },
    });
  } else nodes.push({ operator: "Identity", inputs: [last], outputs: ["probabilities"] });
  initializers.push({ name: "classes", type: "int32", dims: [classes.length], values: classes.map(Number) });
  initializers.push({ name: "shape", type: "int64", dims: [1], values: [-1] });
  nodes.push(
    { operator: "ArgMax", inputs: ["probabilities"], outputs: ["top"], attributes: { axis: { int: 1 } } },
    { operator: "ArrayFeatureExtractor", domain: ml, inputs: ["classes", "top"], outputs: ["found"] },
    { operator: "Reshape", inputs: ["found", "shape"], outputs: ["flat"] },
    { operator: "Cast", inputs: ["flat"], outputs: ["label"], attributes: { to: { int: 7 } } },
  );
  return writeOnnx({
    nodes,
    initializers,
    inputs,
    outputs: [
      { name: "label", type: "int64", dims: ["N"] },
      { name: "probabilities", type: "float", dims: ["N", classes.length] },
    ],
  });
}

/** torch.onnx of Linear, ReLU … and Softmax: Gemm with transposed weights, names as modules have them. */
export function torchNetwork(
  coefs: readonly (readonly (readonly number[])[])[],
  intercepts: readonly (readonly number[])[],
  activation: "Relu" | "Tanh",
  external: boolean,
): { readonly model: Uint8Array<ArrayBuffer>; readonly weights: readonly number[] } {
  const nodes: NodeSpec[] = [
    { operator: "Flatten", inputs: ["input"], outputs: ["/flat"], attributes: { axis: { int: 1 } } },
  ];
  const initializers: NonNullable<ModelSpec["initializers"]>[number][] = [];
  const data: number[] = [];
  const add = (name: string, dims: readonly number[], values: readonly number[]) => {
    const place = { location: "weights.data", offset: String(data.length * 4), length: String(values.length * 4) };
    data.push(...values);
    initializers.push({ name, type: "float", dims, values, ...(external ? { external: place } : {}) });
  };
  let from = "/flat";
  for (const [index, weights] of coefs.entries()) {
    const bias = intercepts[index] ?? [];
    const transposed = bias.flatMap((_, output) => weights.map((row) => row[output] ?? 0));
    add(`${index}.weight`, [bias.length, weights.length], transposed);
    add(`${index}.bias`, [bias.length], bias);
    nodes.push({
      operator: "Gemm",
      inputs: [from, `${index}.weight`, `${index}.bias`],
      outputs: [`/${index}`],
      attributes: { alpha: { float: 1 }, beta: { float: 1 }, transB: { int: 1 } },
    });
    const last = index === coefs.length - 1;
    from = last ? "output" : `/a${index}`;
    nodes.push(
      last
        ? { operator: "Softmax", inputs: [`/${index}`], outputs: ["output"], attributes: { axis: { int: -1 } } }
        : { operator: activation, inputs: [`/${index}`], outputs: [from] },
    );
  }
  const model = writeOnnx({
    producer: "pytorch",
    nodes,
    initializers,
    inputs: [{ name: "input", type: "float", dims: ["batch", coefs[0]?.length ?? 0] }],
    outputs: [{ name: "output", type: "float", dims: ["batch", intercepts.at(-1)?.length ?? 0] }],
  });
  return { model, weights: data };
}
