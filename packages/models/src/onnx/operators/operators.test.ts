import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Device, openDevice } from "@assay/compute";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Column } from "../../columns.ts";
import { difference, onBoth } from "../both-runtimes.testing.ts";
import { type Attribute, type NodeSpec, type TensorSpec, type ValueSpec, writeOnnx } from "../write/write-onnx.ts";
import { operators } from "./index.ts";

let device: Device;
beforeAll(async () => {
  device = await openDevice("cpu");
});
afterAll(() => {
  expect(device.allocatedBytes).toBe(0);
  device.dispose();
});

const ml = "ai.onnx.ml";
type Type = ValueSpec["type"];

interface Trial {
  readonly nodes: readonly NodeSpec[];
  readonly constants?: Readonly<Record<string, Omit<TensorSpec, "name">>>;
  /** Input X. */
  readonly type?: "double" | "float" | "int64" | "string";
  readonly columns?: number;
  readonly output?: Type;
  readonly opset?: number;
  readonly mlOpset?: number;
}

const numbers: readonly (readonly number[])[] = [
  [0, 1, -1, 2.5, -3.25, 7, 0.1, 1e-3, 40],
  [1, 1, 0, -2.5, 0.3333, 4, -0.7, 12, -5],
  [-4, 0.5, 0, 3, 0.2, -1, 8, 0.001, 2],
];
const whole: readonly (readonly number[])[] = [
  [0, 1, 2, 3, -4, 5, 7, 2, 1],
  [1, 1, 0, 9, 3, 3, 2, 0, -1],
  [5, 2, 2, 1, 0, 0, 3, 4, 8],
];
const texts = ["red", "blue", "blue", "green", "red", "", "gelb", "green", "blue"];

function columnsOf(type: Trial["type"], count: number): Column[] {
  return Array.from({ length: count }, (_, column): Column => {
    if (type === "string") {
      const own = [...texts.slice(column), ...texts.slice(0, column)];
      const levels = [...new Set(own)];
      return { levels, codes: Uint32Array.from(own, (text) => levels.indexOf(text)) };
    }
    return Float64Array.from((type === "int64" ? whole : numbers)[column] ?? []);
  });
}

async function agree(trial: Trial, tolerance = 3e-7): Promise<void> {
  const { type = "float", columns = 3 } = trial;
  const bytes = writeOnnx({
    opset: trial.opset ?? 17,
    mlOpset: trial.mlOpset ?? 3,
    nodes: trial.nodes,
    initializers: Object.entries(trial.constants ?? {}).map(([name, tensor]) => ({ name, ...tensor })),
    inputs: [{ name: "X", type, dims: ["N", columns] }],
    outputs: [{ name: "Y", type: trial.output ?? "float", dims: ["N", "M"] }],
  });
  const { kernels, reason, onnxruntime } = await onBoth(bytes, columnsOf(type, columns), device);
  expect(reason).toBeNull();
  expect(
    difference(kernels?.Y ?? [], onnxruntime.Y ?? []),
    JSON.stringify([kernels?.Y, onnxruntime.Y]),
  ).toBeLessThanOrEqual(tolerance);
}

const node = (
  operator: string,
  inputs: readonly string[],
  attributes: Record<string, Attribute> = {},
  domain = "",
  outputs: readonly string[] = ["Y"],
): NodeSpec => ({
  operator,
  domain,
  inputs,
  outputs,
  attributes,
});
const vector = (values: readonly number[], type: TensorSpec["type"] = "float"): Omit<TensorSpec, "name"> => ({
  type,
  dims: [values.length],
  values,
});

/** At least one trial for every operator that compiles; a test below counts them. */
const trials: Readonly<Record<string, readonly Trial[]>> = {
  Abs: [{ nodes: [node("Abs", ["X"])] }],
  Add: [
    { nodes: [node("Add", ["X", "c"])], constants: { c: vector([1, 2, 3]) } },
    { nodes: [node("Add", ["c", "X"])], constants: { c: { type: "float", dims: [1, 1], values: [0.1] } } },
    { nodes: [node("Add", ["X", "c"])], constants: { c: vector([1, 2, 3], "int64") }, type: "int64", output: "int64" },
  ],
  ArgMax: [
    { nodes: [node("ArgMax", ["X"], { axis: { int: 1 } })], output: "int64" },
    { nodes: [node("ArgMax", ["X"], { axis: { int: -1 }, keepdims: { int: 0 } })], output: "int64" },
  ],
  ArrayFeatureExtractor: [
    { nodes: [node("ArrayFeatureExtractor", ["X", "c"], {}, ml)], constants: { c: vector([2, 0], "int64") } },
    {
      nodes: [node("ArrayFeatureExtractor", ["X", "c"], {}, ml)],
      constants: { c: { type: "int64", dims: [], values: [1] } },
    },
  ],
  BatchNormalization: [
    {
      nodes: [node("BatchNormalization", ["X", "s", "b", "m", "v"])],
      constants: { s: vector([1, 2, 0.5]), b: vector([0, 1, 2]), m: vector([0.3, 0.1, 1]), v: vector([1, 4, 0.5]) },
    },
  ],
  Binarizer: [{ nodes: [node("Binarizer", ["X"], { threshold: { float: 0.3 } }, ml)] }],
  Cast: [
    { nodes: [node("Cast", ["X"], { to: { int: 7 } })], output: "int64" },
    { nodes: [node("Cast", ["X"], { to: { int: 11 } })], output: "double" },
    { nodes: [node("Cast", ["X"], { to: { int: 1 } })], type: "double" },
    { nodes: [node("Cast", ["X"], { to: { int: 9 } }, "", ["b"]), node("Cast", ["b"], { to: { int: 1 } })] },
    { nodes: [node("Cast", ["X"], { to: { int: 8 } })], type: "int64", columns: 1, output: "string" },
  ],
  Concat: [{ nodes: [node("Concat", ["X", "X"], { axis: { int: 1 } })] }],
  Constant: [
    {
      nodes: [
        node("Constant", [], { value: { tensor: vector([1, 2, 3]) } }, "", ["c"]),
        node("Constant", [], { value_float: { float: 2 } }, "", ["d"]),
        node("Add", ["X", "c"], {}, "", ["e"]),
        node("Mul", ["e", "d"]),
      ],
    },
  ],
  Div: [{ nodes: [node("Div", ["X", "c"])], constants: { c: vector([3, 7, 0.1]) } }],
  Dropout: [{ nodes: [node("Dropout", ["X"])] }],
  Equal: [
    {
      nodes: [node("Equal", ["X", "c"], {}, "", ["b"]), node("Cast", ["b"], { to: { int: 1 } })],
      constants: { c: vector([1, 1, 0]) },
    },
  ],
  Exp: [{ nodes: [node("Exp", ["X"])] }],
  FeatureVectorizer: [{ nodes: [node("FeatureVectorizer", ["X", "X"], { inputdimensions: { ints: [3, 3] } }, ml)] }],
  Flatten: [{ nodes: [node("Flatten", ["X"])] }],
  Gather: [
    { nodes: [node("Gather", ["X", "c"], { axis: { int: 1 } })], constants: { c: vector([2, -3], "int64") } },
    {
      nodes: [node("Gather", ["X", "c"], { axis: { int: -1 } })],
      constants: { c: { type: "int64", dims: [], values: [1] } },
    },
  ],
  Gemm: [
    {
      nodes: [node("Gemm", ["X", "w", "b"], { alpha: { float: 0.5 }, beta: { float: 2 }, transB: { int: 1 } })],
      constants: { w: { type: "float", dims: [2, 3], values: [1, -2, 3, 0.5, 0.25, -1] }, b: vector([1, -1]) },
    },
    {
      nodes: [node("Gemm", ["X", "w"])],
      constants: { w: { type: "float", dims: [3, 2], values: [1, -2, 3, 0.5, 0.25, -1] } },
    },
  ],
  Greater: [
    {
      nodes: [node("Greater", ["X", "c"], {}, "", ["b"]), node("Cast", ["b"], { to: { int: 1 } })],
      constants: { c: vector([0.5]) },
    },
  ],
  GreaterOrEqual: [
    {
      nodes: [node("GreaterOrEqual", ["X", "c"], {}, "", ["b"]), node("Cast", ["b"], { to: { int: 1 } })],
      constants: { c: vector([1]) },
    },
  ],
  Identity: [{ nodes: [node("Identity", ["X"])] }],
  Imputer: [
    {
      nodes: [
        node("Imputer", ["X"], { imputed_value_floats: { floats: [9, 8, 7] }, replaced_value_float: { float: 0 } }, ml),
      ],
    },
    {
      nodes: [node("Imputer", ["X"], { imputed_value_int64s: { ints: [9] }, replaced_value_int64: { int: 2 } }, ml)],
      type: "int64",
      output: "int64",
    },
  ],
  IsNaN: [{ nodes: [node("IsNaN", ["X"], {}, "", ["b"]), node("Cast", ["b"], { to: { int: 1 } })] }],
  LabelEncoder: [
    {
      nodes: [
        node(
          "LabelEncoder",
          ["X"],
          { keys_strings: { texts: ["red", "blue"] }, values_int64s: { ints: [4, 2] }, default_int64: { int: -7 } },
          ml,
        ),
      ],
      type: "string",
      output: "int64",
    },
    {
      nodes: [
        node(
          "LabelEncoder",
          ["X"],
          { keys_strings: { texts: ["red", "blue"] }, values_floats: { floats: [0.5, 2] } },
          ml,
        ),
      ],
      type: "string",
    },
    {
      nodes: [
        node(
          "LabelEncoder",
          ["X"],
          { keys_int64s: { ints: [1, 2] }, values_strings: { texts: ["one", "two"] }, default_string: { text: "?" } },
          ml,
        ),
      ],
      type: "int64",
      columns: 1,
      output: "string",
    },
    {
      nodes: [
        node(
          "LabelEncoder",
          ["X"],
          { keys_floats: { floats: [1, 2.5] }, values_floats: { floats: [10, 20] }, default_float: { float: 3 } },
          ml,
        ),
      ],
    },
    {
      nodes: [
        node(
          "LabelEncoder",
          ["X"],
          {
            keys_tensor: { tensor: { type: "string", dims: [2], values: ["red", "blue"] } },
            values_tensor: { tensor: { type: "double", dims: [2], values: [0.1, 0.2] } },
            default_tensor: { tensor: { type: "double", dims: [1], values: [0.7] } },
          },
          ml,
        ),
      ],
      mlOpset: 4,
      type: "string",
      output: "double",
    },
  ],
  Less: [
    {
      nodes: [node("Less", ["X", "c"], {}, "", ["b"]), node("Cast", ["b"], { to: { int: 1 } })],
      constants: { c: vector([0.5]) },
    },
  ],
  LessOrEqual: [
    {
      nodes: [node("LessOrEqual", ["X", "c"], {}, "", ["b"]), node("Cast", ["b"], { to: { int: 1 } })],
      constants: { c: vector([1]) },
    },
  ],
  LinearClassifier: [
    ...["NONE", "LOGISTIC", "SOFTMAX", "SOFTMAX_ZERO"].flatMap((transform): Trial[] => [
      {
        nodes: [
          node(
            "LinearClassifier",
            ["X"],
            {
              coefficients: { floats: [1, 2, -1, 0.5, -0.25, 0.125, 0, 0, 1] },
              intercepts: { floats: [0.1, 0.2, 0.3] },
              classlabels_ints: { ints: [3, 1, 2] },
              post_transform: { text: transform },
            },
            ml,
            ["label", "Y"],
          ),
        ],
      },
      {
        nodes: [
          node(
            "LinearClassifier",
            ["X"],
            {
              coefficients: { floats: [1, 2, -1] },
              intercepts: { floats: [0.1] },
              classlabels_strings: { texts: ["no", "yes"] },
              post_transform: { text: transform },
            },
            ml,
            ["Y", "scores"],
          ),
        ],
        output: "string",
      },
      {
        nodes: [
          node(
            "LinearClassifier",
            ["X"],
            {
              coefficients: { floats: [1, 2, -1] },
              intercepts: { floats: [0.1] },
              classlabels_ints: { ints: [0, 1] },
              post_transform: { text: transform },
            },
            ml,
            ["label", "Y"],
          ),
        ],
        type: "double",
      },
    ]),
  ],
  LinearRegressor: [
    {
      nodes: [
        node(
          "LinearRegressor",
          ["X"],
          { coefficients: { floats: [1, 2, -1, 0, 0, 3] }, intercepts: { floats: [0.1, 5] }, targets: { int: 2 } },
          ml,
        ),
      ],
    },
  ],
  MatMul: [
    {
      nodes: [node("MatMul", ["X", "w"])],
      constants: { w: { type: "float", dims: [3, 2], values: [1, 2, 3, 4, 5, 6] } },
    },
  ],
  Mul: [
    { nodes: [node("Mul", ["X", "c"])], constants: { c: vector([0.1]) } },
    { nodes: [node("Mul", ["X", "X"])], type: "double", output: "double" },
  ],
  Neg: [{ nodes: [node("Neg", ["X"])] }],
  Normalizer: ["MAX", "L1", "L2"].map((norm) => ({ nodes: [node("Normalizer", ["X"], { norm: { text: norm } }, ml)] })),
  Not: [
    {
      nodes: [
        node("IsNaN", ["X"], {}, "", ["b"]),
        node("Not", ["b"], {}, "", ["n"]),
        node("Cast", ["n"], { to: { int: 1 } }),
      ],
    },
  ],
  OneHotEncoder: [
    {
      nodes: [node("OneHotEncoder", ["X"], { cats_strings: { texts: ["red", "blue", "green"] } }, ml)],
      type: "string",
      columns: 1,
    },
    {
      nodes: [
        node("OneHotEncoder", ["X"], { cats_int64s: { ints: [1, 2] } }, ml, ["hot"]),
        node("Reshape", ["hot", "shape"]),
      ],
      constants: { shape: vector([-1, 6], "int64") },
      type: "int64",
    },
    {
      nodes: [
        node("Gather", ["X", "first"], { axis: { int: 1 } }, "", ["one"]),
        node("OneHotEncoder", ["one"], { cats_strings: { texts: ["red", "blue", "green"] } }, ml, ["hot"]),
        node("Gather", ["hot", "keep"], { axis: { int: -1 } }, "", ["kept"]),
        node("Concat", ["kept", "hot"], { axis: { int: -1 } }, "", ["all"]),
        node("Reshape", ["all", "shape"]),
      ],
      constants: { first: vector([1], "int64"), keep: vector([1, 2], "int64"), shape: vector([-1, 5], "int64") },
      type: "string",
    },
  ],
  ReduceSum: [
    { nodes: [node("ReduceSum", ["X", "axes"])], constants: { axes: vector([1], "int64") } },
    { nodes: [node("ReduceSum", ["X"], { axes: { ints: [1] }, keepdims: { int: 0 } })], opset: 11 },
  ],
  Relu: [{ nodes: [node("Relu", ["X"])] }],
  Reshape: [{ nodes: [node("Reshape", ["X", "s"])], constants: { s: vector([0, 3, 1], "int64") } }],
  Scaler: [
    { nodes: [node("Scaler", ["X"], { offset: { floats: [1, 2, 3] }, scale: { floats: [0.5, 0.1, 3] } }, ml)] },
    { nodes: [node("Scaler", ["X"], { offset: { floats: [1] }, scale: { floats: [0.3] } }, ml)], type: "double" },
    { nodes: [node("Scaler", ["X"], { offset: { floats: [1] }, scale: { floats: [0.3] } }, ml)], type: "int64" },
  ],
  Sigmoid: [{ nodes: [node("Sigmoid", ["X"])] }],
  Slice: [
    {
      nodes: [node("Slice", ["X", "s", "e", "a"])],
      constants: { s: vector([1], "int64"), e: vector([100], "int64"), a: vector([1], "int64") },
    },
    { nodes: [node("Slice", ["X"], { starts: { ints: [0] }, ends: { ints: [-1] }, axes: { ints: [1] } })], opset: 9 },
  ],
  Softmax: [{ nodes: [node("Softmax", ["X"])] }, { nodes: [node("Softmax", ["X"], { axis: { int: 1 } })], opset: 11 }],
  Sqrt: [{ nodes: [node("Abs", ["X"], {}, "", ["a"]), node("Sqrt", ["a"])] }],
  Squeeze: [
    {
      nodes: [node("Gather", ["X", "c"], { axis: { int: 1 } }, "", ["one"]), node("Squeeze", ["one", "a"])],
      constants: { c: vector([1], "int64"), a: vector([1], "int64") },
    },
  ],
  Sub: [{ nodes: [node("Sub", ["c", "X"])], constants: { c: { type: "float", dims: [], values: [1] } } }],
  Sum: [{ nodes: [node("Sum", ["X", "X", "X"])] }],
  Tanh: [{ nodes: [node("Tanh", ["X"])] }],
  Unsqueeze: [{ nodes: [node("Unsqueeze", ["X", "a"])], constants: { a: vector([2], "int64") } }],
  Where: [
    {
      nodes: [node("Greater", ["X", "zero"], {}, "", ["b"]), node("Where", ["b", "one", "zero"])],
      constants: { zero: vector([0]), one: vector([1]) },
    },
    {
      nodes: [node("IsNaN", ["X"], {}, "", ["b"]), node("Where", ["b", "c", "X"])],
      constants: { c: vector([1, 2, 3]) },
    },
  ],
};

/** Tested over trees, and behind classifiers, elsewhere. */
const elsewhere = ["TreeEnsemble", "TreeEnsembleClassifier", "TreeEnsembleRegressor", "ZipMap"];

describe("every operator that is compiled gives what ONNX Runtime gives", () => {
  it("has a trial for each", () => {
    expect(operators.map((one) => one.name).filter((name) => !elsewhere.includes(name))).toEqual(
      Object.keys(trials).sort(),
    );
  });

  it.each(Object.entries(trials))("%s", async (_, own) => {
    for (const trial of own) await agree(trial);
  });
});

describe("the list of operators", () => {
  it("is alphabetical and takes in every file of the folder", () => {
    const names = operators.map((one) => one.name);
    expect(names).toEqual([...names].sort());
    const folder = fileURLToPath(new URL(".", import.meta.url));
    const index = readdirSync(folder).filter(
      (name) => name.endsWith(".ts") && !name.includes(".test.") && name !== "index.ts",
    );
    expect(index.length).toBeGreaterThan(10);
  });
});

describe("networks are put together of their operators", () => {
  it("joins bias, activation and further layers to one network, and only what follows it alone", async () => {
    const weights = (rows: number, columns: number) => ({
      type: "float" as const,
      dims: [rows, columns],
      values: Array.from({ length: rows * columns }, (_, index) => Math.sin(index)),
    });
    const constants = { w: weights(3, 4), b: vector([0.1, 0.2, 0.3, 0.4]), v: weights(4, 2) };
    const first = [
      node("MatMul", ["X", "w"], {}, "", ["m"]),
      node("Add", ["m", "b"], {}, "", ["s"]),
      node("Tanh", ["s"], {}, "", ["t"]),
    ];
    await agree({ nodes: [...first, node("MatMul", ["t", "v"], {}, "", ["u"]), node("Softmax", ["u"])], constants });
    // The hidden layer is asked for twice.
    await agree({
      nodes: [
        ...first,
        node("MatMul", ["t", "v"], {}, "", ["u"]),
        node("Relu", ["t"], {}, "", ["r"]),
        node("Concat", ["u", "r", "s"], { axis: { int: 1 } }),
      ],
      constants,
    });
  });
});
