import { describe, expect, it } from "vitest";
import { openModel } from "../../node/index.ts";
import { type LayerProfile, type ModelProfile, profileTotals } from "../../profile.ts";
import { smallForRuntime, smallNetwork, smallPipeline, smallTree } from "../small-models.testing.ts";
import { type ModelSpec, type TensorSpec, writeOnnx } from "../write/write-onnx.ts";

type Named = TensorSpec & { readonly name: string };

const floats = (name: string, ...dims: number[]): Named => ({
  name,
  type: "float",
  dims,
  values: Array.from({ length: dims.reduce((product, dim) => product * dim, 1) }, (_, index) => (index % 7) / 7),
});
const ints = (name: string, ...values: number[]): Named => ({ name, type: "int64", dims: [values.length], values });

async function profiled(bytes: Uint8Array, columns?: number): Promise<ModelProfile & { readonly parameters: number }> {
  const model = await openModel(bytes, { name: "small.onnx", ...(columns === undefined ? {} : { columns }) });
  try {
    if (model.profile === null) throw new Error("no profile");
    return { ...model.profile, parameters: model.parameters };
  } finally {
    await model.dispose();
  }
}

const write = (spec: Omit<ModelSpec, "outputs"> & { readonly output: string; readonly dims: (number | string)[] }) =>
  writeOnnx({ ...spec, outputs: [{ name: spec.output, type: "float", dims: spec.dims }] });

function layer(profile: ModelProfile, operator: string): LayerProfile {
  const found = profile.layers.find((one) => one.operator === operator);
  if (!found) throw new Error(`no ${operator} among ${profile.layers.map((one) => one.operator)}`);
  return found;
}

describe("the cost of a convolution", () => {
  // 3 × 32 × 32, 16 filters of 3 × 3 with a border of 1: 16 · 32 · 32 outputs of 27 products each.
  const network = write({
    nodes: [
      {
        operator: "Conv",
        name: "first",
        inputs: ["X", "w", "b"],
        outputs: ["c"],
        attributes: { pads: { ints: [1, 1, 1, 1] } },
      },
      { operator: "Relu", inputs: ["c"], outputs: ["r"] },
      {
        operator: "MaxPool",
        inputs: ["r"],
        outputs: ["p"],
        attributes: { kernel_shape: { ints: [2, 2] }, strides: { ints: [2, 2] } },
      },
      {
        operator: "Conv",
        name: "depthwise",
        inputs: ["p", "d"],
        outputs: ["q"],
        attributes: { group: { int: 16 }, strides: { ints: [2, 2] }, auto_pad: { text: "SAME_UPPER" } },
      },
      { operator: "GlobalAveragePool", inputs: ["q"], outputs: ["g"] },
      { operator: "Flatten", inputs: ["g"], outputs: ["f"] },
      { operator: "Gemm", name: "head", inputs: ["f", "h", "hb"], outputs: ["Y"], attributes: { transB: { int: 1 } } },
    ],
    initializers: [
      floats("w", 16, 3, 3, 3),
      floats("b", 16),
      floats("d", 16, 1, 3, 3),
      floats("h", 10, 16),
      floats("hb", 10),
    ],
    inputs: [{ name: "X", type: "float", dims: ["N", 3, 32, 32] }],
    output: "Y",
    dims: ["N", 10],
  });

  it("is what one counts by hand", async () => {
    const profile = await profiled(network);
    expect(profile.layers.map((one) => [one.operator, one.shape, one.multiplyAccumulates, one.operations])).toEqual([
      ["Conv", [1, 16, 32, 32], 442_368, 2 * 442_368 + 16_384],
      ["Relu", [1, 16, 32, 32], 0, 16_384],
      ["MaxPool", [1, 16, 16, 16], 0, 4 * 4_096],
      ["Conv", [1, 16, 8, 8], 9_216, 2 * 9_216],
      ["GlobalAveragePool", [1, 16, 1, 1], 0, 1_024],
      ["Flatten", [1, 16], 0, 0],
      ["Gemm", [1, 10], 160, 330],
    ]);
    expect(profile.layers.map((one) => one.parameters)).toEqual([448, 0, 0, 144, 0, 0, 170]);
    expect(profile.parameters).toBe(448 + 144 + 170);
  });

  it("counts the bytes that are read, made, and needed at one time", async () => {
    const profile = await profiled(network);
    expect(layer(profile, "Relu")).toMatchObject({ inputBytes: 65_536, activationBytes: 65_536, weightBytes: 0 });
    expect(layer(profile, "Conv")).toMatchObject({ inputBytes: 12_288, activationBytes: 65_536, weightBytes: 448 * 4 });
    expect(layer(profile, "Flatten").activationBytes).toBe(0);
    // The convolution's output and its Relu, side by side.
    expect(profile.peakActivationBytes).toBe(131_072);
    expect(profile.inputBytes).toBe(12_288);
  });

  it("divides what a fixed batch costs by its rows", async () => {
    const fixed = await profiled(
      write({
        nodes: [{ operator: "MatMul", inputs: ["X", "w"], outputs: ["Y"] }],
        initializers: [floats("w", 5, 3)],
        inputs: [{ name: "X", type: "float", dims: [8, 5] }],
        output: "Y",
        dims: [8, 3],
      }),
    );
    expect(fixed.layers[0]).toMatchObject({
      multiplyAccumulates: 15,
      operations: 30,
      activationBytes: 12,
      inputBytes: 20,
    });
  });
});

describe("the cost of attention and of recurrent layers", () => {
  it("follows shapes that the graph itself computes", async () => {
    // 4 tokens of 6 numbers in 2 heads: q·k of 2 · 4 · 4 · 3 products, and the same with v.
    const profile = await profiled(
      write({
        nodes: [
          { operator: "MatMul", name: "qkv", inputs: ["X", "w"], outputs: ["a"] },
          { operator: "Shape", inputs: ["X"], outputs: ["s"] },
          { operator: "Gather", inputs: ["s", "one"], outputs: ["tokens"] },
          {
            operator: "Concat",
            inputs: ["minus", "tokens", "heads"],
            outputs: ["to"],
            attributes: { axis: { int: 0 } },
          },
          { operator: "Reshape", inputs: ["a", "to"], outputs: ["h"] },
          { operator: "Transpose", inputs: ["h"], outputs: ["q"], attributes: { perm: { ints: [0, 2, 1, 3] } } },
          { operator: "Transpose", inputs: ["h"], outputs: ["k"], attributes: { perm: { ints: [0, 2, 3, 1] } } },
          { operator: "MatMul", name: "scores", inputs: ["q", "k"], outputs: ["e"] },
          { operator: "Softmax", inputs: ["e"], outputs: ["p"] },
          { operator: "MatMul", name: "mix", inputs: ["p", "q"], outputs: ["Y"] },
        ],
        initializers: [floats("w", 6, 6), ints("one", 1), ints("minus", -1), ints("heads", 2, 3)],
        inputs: [{ name: "X", type: "float", dims: ["N", 4, 6] }],
        output: "Y",
        dims: ["N", 2, 4, 3],
      }),
    );
    const costs = new Map(profile.layers.map((one) => [one.name, one.multiplyAccumulates]));
    expect([costs.get("qkv"), costs.get("scores"), costs.get("mix")]).toEqual([144, 96, 96]);
    expect(layer(profile, "Softmax").operations).toBe(8 * (5 * 4 - 2));
    expect(profileTotals(profile)).toMatchObject({
      multiplyAccumulates: { value: 336, complete: true },
      parameters: 36,
    });
  });

  it("counts every gate of every step", async () => {
    // 5 steps, input 3, hidden 4: 5 · 4 gates · 4 · (3 + 4).
    const profile = await profiled(
      write({
        nodes: [
          { operator: "Transpose", inputs: ["X"], outputs: ["t"], attributes: { perm: { ints: [1, 0, 2] } } },
          {
            operator: "LSTM",
            inputs: ["t", "w", "r", "b"],
            outputs: ["", "Y"],
            attributes: { hidden_size: { int: 4 } },
          },
        ],
        initializers: [floats("w", 1, 16, 3), floats("r", 1, 16, 4), floats("b", 1, 32)],
        inputs: [{ name: "X", type: "float", dims: ["N", 5, 3] }],
        output: "Y",
        dims: [1, "N", 4],
      }),
    );
    expect(layer(profile, "LSTM")).toMatchObject({
      multiplyAccumulates: 560,
      operations: 2 * 560 + 5 * 4 * (4 + 5 + 4),
      parameters: 16 * 3 + 16 * 4 + 32,
    });
  });
});

describe("the cost of tabular models", () => {
  it("counts the tests of trees, on the mean and at most", async () => {
    const profile = await profiled(smallTree());
    expect(profile.layers).toHaveLength(1);
    expect(profile.layers[0]).toMatchObject({
      parameters: 5,
      weightBytes: 20,
      multiplyAccumulates: 0,
      operations: 1,
      comparisons: { mean: 5 / 3, most: 2, over: "leaves" },
    });
  });

  it("weighs the ways through trees by the rows that the file says went there", async () => {
    const profile = await profiled(smallTree({ nodes_hitrates: { floats: [100, 90, 10, 6, 4] } }));
    expect(profile.layers[0]?.comparisons).toEqual({ mean: 0.9 + 0.2, most: 2, over: "covers" });
  });

  it("counts encoders, scalers and linear models", async () => {
    const profile = await profiled(smallPipeline());
    expect(profile.layers.map((one) => one.unknown)).toEqual(profile.layers.map(() => null));
    expect(layer(profile, "OneHotEncoder")).toMatchObject({ operations: 0, activationBytes: 8 });
    expect(layer(profile, "Scaler").operations).toBe(2);
    expect(layer(profile, "LinearClassifier")).toMatchObject({
      multiplyAccumulates: 6,
      parameters: 8,
      weightBytes: 32,
    });
    expect(profileTotals(profile).parameters).toBe(profile.parameters);
  });

  it("counts layers, functions and a softmax", async () => {
    const profile = await profiled(smallNetwork());
    expect(profile.layers.map((one) => [one.multiplyAccumulates, one.operations])).toEqual([
      [6, 15],
      [0, 3],
      [6, 12],
      [0, 8],
    ]);
  });
});

describe("what is not known", () => {
  it("is named, never counted as nothing, and its shape is what the file states", async () => {
    const profile = await profiled(
      write({
        nodes: [{ operator: "CumSum", name: "odd", inputs: ["X", "axis"], outputs: ["Y"] }],
        initializers: [{ name: "axis", type: "int64", dims: [], values: [1] }],
        inputs: [{ name: "X", type: "float", dims: ["N", 4] }],
        output: "Y",
        dims: ["N", 4],
      }),
    );
    expect(profile.layers[0]).toMatchObject({
      operations: null,
      multiplyAccumulates: null,
      shape: [1, 4],
      activationBytes: 16,
      unknown: "the operator is not counted",
    });
    expect(profileTotals(profile).operations).toEqual({ value: 0, complete: false });
    expect(profileTotals(profile).multiplyAccumulates.complete).toBe(false);
  });

  it("knows the functions that ONNX Runtime runs", async () => {
    const profile = await profiled(smallForRuntime());
    expect(layer(profile, "Cos")).toMatchObject({ operations: 2, unknown: null });
    expect(layer(profile, "ZipMap")).toMatchObject({ shape: null, activationBytes: 0, unknown: null });
  });
});
