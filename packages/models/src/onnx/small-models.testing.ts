import { type Attribute, type ModelSpec, type TensorSpec, writeOnnx } from "./write/write-onnx.ts";

const ml = "ai.onnx.ml";

/** A tree x0 ≤ 0.5 ? 1 : (x1 ≤ 2 ? 2 : 3), with attributes replaced by `change`. */
export function smallTree(change: Readonly<Record<string, Attribute>> = {}): Uint8Array<ArrayBuffer> {
  return writeOnnx({
    nodes: [
      {
        operator: "TreeEnsembleRegressor",
        domain: ml,
        name: "forest",
        inputs: ["X"],
        outputs: ["Y"],
        attributes: {
          nodes_treeids: { ints: [0, 0, 0, 0, 0] },
          nodes_nodeids: { ints: [0, 1, 2, 3, 4] },
          nodes_featureids: { ints: [0, 0, 1, 0, 0] },
          nodes_modes: { texts: ["BRANCH_LEQ", "LEAF", "BRANCH_LEQ", "LEAF", "LEAF"] },
          nodes_values: { floats: [0.5, 0, 2, 0, 0] },
          nodes_truenodeids: { ints: [1, 0, 3, 0, 0] },
          nodes_falsenodeids: { ints: [2, 0, 4, 0, 0] },
          target_treeids: { ints: [0, 0, 0] },
          target_nodeids: { ints: [1, 3, 4] },
          target_ids: { ints: [0, 0, 0] },
          target_weights: { floats: [1, 2, 3] },
          n_targets: { int: 1 },
          ...change,
        },
      },
    ],
    inputs: [{ name: "X", type: "float", dims: ["N", 2] }],
    outputs: [{ name: "Y", type: "float", dims: ["N", 1] }],
  });
}

const matrix = (name: string, rows: number, columns: number): TensorSpec & { readonly name: string } => ({
  name,
  type: "float",
  dims: [rows, columns],
  values: Array.from({ length: rows * columns }, (_, index) => Math.round(Math.sin(index + 1) * 100) / 100),
});

/** X · w + b, tanh, · v, softmax. */
export function smallNetwork(change: Partial<ModelSpec> = {}): Uint8Array<ArrayBuffer> {
  return writeOnnx({
    nodes: [
      { operator: "Gemm", name: "first", inputs: ["X", "w", "b"], outputs: ["h"] },
      { operator: "Tanh", inputs: ["h"], outputs: ["t"] },
      { operator: "MatMul", inputs: ["t", "v"], outputs: ["s"] },
      { operator: "Softmax", inputs: ["s"], outputs: ["Y"], attributes: { axis: { int: -1 } } },
    ],
    initializers: [matrix("w", 2, 3), matrix("b", 1, 3), matrix("v", 3, 2)],
    inputs: [{ name: "X", type: "float", dims: ["N", 2] }],
    outputs: [{ name: "Y", type: "float", dims: ["N", 2] }],
    ...change,
  });
}

/** Texts to codes, numbers scaled, a linear classifier, a ZipMap. */
export function smallPipeline(): Uint8Array<ArrayBuffer> {
  return writeOnnx({
    nodes: [
      {
        operator: "OneHotEncoder",
        domain: ml,
        inputs: ["town"],
        outputs: ["hot"],
        attributes: { cats_strings: { texts: ["Bern", "Oslo"] }, zeros: { int: 1 } },
      },
      { operator: "Flatten", inputs: ["hot"], outputs: ["flat"] },
      {
        operator: "Scaler",
        domain: ml,
        inputs: ["age"],
        outputs: ["scaled"],
        attributes: { offset: { floats: [40] }, scale: { floats: [0.1] } },
      },
      { operator: "Concat", inputs: ["scaled", "flat"], outputs: ["features"], attributes: { axis: { int: 1 } } },
      {
        operator: "LinearClassifier",
        domain: ml,
        inputs: ["features"],
        outputs: ["label", "scores"],
        attributes: {
          coefficients: { floats: [-1, -0.5, 0.25, 1, 0.5, -0.25] },
          intercepts: { floats: [-0.1, 0.1] },
          classlabels_strings: { texts: ["no", "yes"] },
          post_transform: { text: "LOGISTIC" },
        },
      },
      {
        operator: "ZipMap",
        domain: ml,
        inputs: ["scores"],
        outputs: ["maps"],
        attributes: { classlabels_strings: { texts: ["no", "yes"] } },
      },
    ],
    inputs: [
      { name: "age", type: "float", dims: ["N", 1] },
      { name: "town", type: "string", dims: ["N", 1] },
    ],
    outputs: [
      { name: "label", type: "string", dims: ["N"] },
      { name: "maps", type: "sequence-string" },
    ],
  });
}

/** Cos is not compiled: ONNX Runtime runs it, and the maps before which it asks for the tensor. */
export function smallForRuntime(): Uint8Array<ArrayBuffer> {
  return writeOnnx({
    nodes: [
      { operator: "Cos", inputs: ["X"], outputs: ["c"] },
      { operator: "Sigmoid", inputs: ["c"], outputs: ["p"] },
      {
        operator: "ZipMap",
        domain: ml,
        inputs: ["p"],
        outputs: ["maps"],
        attributes: { classlabels_int64s: { ints: [3, 5] } },
      },
      { operator: "ArgMax", inputs: ["p"], outputs: ["top"], attributes: { axis: { int: 1 }, keepdims: { int: 0 } } },
    ],
    inputs: [{ name: "X", type: "float", dims: ["N", 2] }],
    outputs: [
      { name: "top", type: "int64", dims: ["N"] },
      { name: "maps", type: "sequence" },
    ],
  });
}
