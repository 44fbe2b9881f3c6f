import { isAssayError } from "@assay/schema";
import { describe, expect, it } from "vitest";
import { openModel } from "../node/index.ts";
import { smallForRuntime, smallNetwork, smallPipeline, smallTree } from "./small-models.testing.ts";
import { join, message, utf8, varintField } from "./write/wire.ts";
import { type Attribute, type ModelSpec, type NodeSpec, writeOnnx } from "./write/write-onnx.ts";

async function refusal(bytes: Uint8Array): Promise<{ code: string; message: string }> {
  try {
    const model = await openModel(bytes, { name: "bad.onnx" });
    await model.dispose();
  } catch (error) {
    if (!isAssayError(error)) throw error;
    expect(error.message.startsWith("bad.onnx")).toBe(true);
    expect(error.problems).toHaveLength(1);
    return { code: error.code, message: error.message };
  }
  throw new Error("the file was opened");
}

async function expectInvalid(bytes: Uint8Array, text: RegExp, code = "model-invalid"): Promise<void> {
  const error = await refusal(bytes);
  expect(error.message).toMatch(text);
  expect(error.code).toBe(code);
}

describe("files that are no ONNX are told what they are", () => {
  const ascii = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

  it.each([
    ["a zip", "PK\u0003\u0004\u0014\u0000", /zip archive.*torch\.onnx\.export/],
    ["a pickle", "\u0080\u0004\u0095abc", /Python pickle.*skl2onnx/],
    ["an HTML page", "<!DOCTYPE html><html>", /HTML page/],
    ["a Git LFS pointer", "version https://git-lfs.github.com/spec/v1\noid", /git lfs pull/],
    ["an HDF5 file", "\u0089HDF\r\n\u001a\n", /HDF5.*tf2onnx/],
    ["a gzip", "\u001f\u008b\u0008", /gzip/],
    ["a TensorFlow Lite model", "\u001c\u0000\u0000\u0000TFL3", /TensorFlow Lite/],
    ["a LightGBM text", "tree\nversion=v3", /LightGBM.*convert_lightgbm/],
    ["an XGBoost file", "binf\u0000", /XGBoost.*convert_xgboost/],
    ["safetensors", '\u0010\u0000\u0000\u0000\u0000\u0000\u0000\u0000{"a"', /safetensors/],
  ])("%s", async (_, text, expected) => {
    await expectInvalid(ascii(text), expected);
  });

  it("an empty file, a text, and noise", async () => {
    await expectInvalid(new Uint8Array(0), /is empty/);
    await expectInvalid(ascii("hello, this is no model"), /damaged, cut off or no ONNX file/);
    await expectInvalid(new Uint8Array(1000).fill(255), /damaged, cut off or no ONNX file/);
    await expectInvalid(ascii('{"hello": 1}'), /kind forest, gbt or mlp/);
  });
});

describe("damaged files", () => {
  it("cut off anywhere are refused with the place", async () => {
    // The last entry names the operator set of trees, which a network does without: a cut before it leaves a whole file.
    const treeSet = 16;
    for (const whole of [smallTree(), smallNetwork(), smallPipeline()]) {
      for (let length = 1; length < whole.length; length += 7) {
        if (length === whole.length - treeSet) continue;
        const { code } = await refusal(whole.subarray(0, length));
        expect(["model-invalid", "not-supported"]).toContain(code);
      }
    }
  });

  it("with a second graph are refused: what is checked must be what runs", async () => {
    await expectInvalid(join([smallTree(), smallNetwork()]), /a second graph/);
  });

  it("with lengths beyond the file are refused before anything is allocated", async () => {
    const huge = join([varintField(1, 8), Uint8Array.of(0x3a, 0xff, 0xff, 0xff, 0xff, 0x7f), utf8("x")]);
    await expectInvalid(huge, /claims 34359738367 bytes/);
  });

  it("with tensors larger than their data are refused before anything is allocated", async () => {
    const dims = (sizes: readonly number[]) =>
      smallNetwork({
        initializers: ["w", "b", "v"].map((name) => ({ name, type: "float", dims: sizes, values: [1, 2] })),
      });
    await expectInvalid(dims([2 ** 31, 2 ** 31]), /shape \[2147483648, 2147483648\]/);
    await expectInvalid(dims([100_000_000, 3]), /8 bytes for 300000000 values/);
    await expectInvalid(dims([-1, 3]), /shape \[-1, 3\]/);
  });
});

describe("graphs that cannot run", () => {
  const graph = (nodes: readonly NodeSpec[], change: Partial<ModelSpec> = {}) =>
    writeOnnx({
      nodes,
      inputs: [{ name: "X", type: "float", dims: ["N", 2] }],
      outputs: [{ name: "Y", type: "float", dims: ["N", 2] }],
      ...change,
    });
  const relu = (from: string, to: string): NodeSpec => ({ operator: "Relu", inputs: [from], outputs: [to] });

  it("name the node and the value", async () => {
    await expectInvalid(graph([relu("Z", "Y")]), /node 0 \(Relu\): its input "Z" is made by no node/);
    await expectInvalid(
      graph([relu("a", "b"), relu("b", "a"), relu("X", "Y")]),
      /node 0 \(Relu\): waits for its own output/,
    );
    await expectInvalid(graph([relu("X", "Y"), relu("X", "Y")]), /node 1 \(Relu\): makes "Y", which is there already/);
    await expectInvalid(graph([relu("X", "Q")]), /the output "Y" is made by no node/);
    await expectInvalid(graph([]), /no nodes/);
    await expectInvalid(graph([relu("X", "Y")], { outputs: [] }), /no outputs/);
    await expectInvalid(graph([relu("X", "Y")], { inputs: [] }), /its input "X"/);
    await expectInvalid(graph([{ ...relu("X", "Y"), domain: "com.acme" }]), /domain "com.acme" is in no opset_import/);
  });

  it("name an operator that nobody knows", async () => {
    await expectInvalid(
      graph([{ operator: "Frobnicate", inputs: ["X"], outputs: ["Y"] }]),
      /Frobnicate/,
      "not-supported",
    );
  });

  it("name inputs that are no table", async () => {
    const input = (type: "float" | "uint8", dims: readonly (number | string)[]) =>
      graph([relu("X", "Y")], { inputs: [{ name: "X", type, dims }] });
    await expectInvalid(input("uint8", ["N", 2]), /input "X": takes uint8/, "not-supported");
    await expectInvalid(input("float", []), /takes one number/, "not-supported");
    await expectInvalid(input("float", ["N", "a", "b"]), /leaves open the shape \[N, a, b\]/, "not-supported");
    await expectInvalid(input("float", ["N", "width"]), /does not say how many columns/);
    await expectInvalid(input("float", ["N", 2_000_000]), /takes 2000000 columns/, "not-supported");
  });

  it("with weights that do not fit the input name both widths", async () => {
    const inputs = [{ name: "X", type: "float", dims: ["N", 5] }] as const;
    await expectInvalid(
      smallNetwork({ inputs }),
      /node 0 "first" \(Gemm\): multiplies rows of 5 columns by weights of 2/,
    );
  });

  it("with loops, which may have no end, are refused also inside other graphs", async () => {
    const loop = message(1, message(4, utf8("Loop")));
    const inside = join([message(1, utf8("then_branch")), message(6, loop), varintField(20, 5)]);
    const node = join([message(2, utf8("Y")), message(4, utf8("If")), message(1, utf8("X")), message(5, inside)]);
    const bytes = join([
      graph([relu("X", "Z")], { outputs: [] }).subarray(0, 0),
      varintField(1, 8),
      message(7, join([message(1, node), message(11, valueInfo("X")), message(12, valueInfo("Y"))])),
      message(8, join([message(1, utf8("")), varintField(2, 17)])),
    ]);
    await expectInvalid(bytes, /loops, which may have no end/, "not-supported");
  });

  const valueInfo = (name: string) => {
    const dim = (content: Uint8Array) => message(1, content);
    const shape = message(2, join([dim(message(2, utf8("N"))), dim(varintField(1, 2))]));
    return join([message(1, utf8(name)), message(2, message(1, join([varintField(1, 1), shape])))]);
  };
});

describe("trees that cannot be", () => {
  const ints = (...values: number[]): Attribute => ({ ints: values });
  const floats = (...values: number[]): Attribute => ({ floats: values });

  it.each([
    [
      "a node that leads to itself",
      { nodes_truenodeids: ints(0, 0, 3, 0, 0) },
      /tree 0, node 0 is reached from itself/,
    ],
    ["a circle of two", { nodes_truenodeids: ints(1, 0, 0, 0, 0) }, /tree 0, node 0 is reached from itself/],
    ["a child that is not there", { nodes_falsenodeids: ints(2, 0, 9, 0, 0) }, /tree 0, node 2 leads to node 9/],
    ["a negative child", { nodes_falsenodeids: ints(-1, 0, 4, 0, 0) }, /leads to node -1/],
    [
      "a NaN threshold",
      { nodes_values: floats(0.5, 0, Number.NaN, 0, 0) },
      /tree 0, node 2 has a threshold that is not a number/,
    ],
    [
      "a column that is not there",
      { nodes_featureids: ints(0, 0, 2, 0, 0) },
      /tree 0, node 2 asks for column 2, the input has 2/,
    ],
    ["a negative column", { nodes_featureids: ints(-4, 0, 1, 0, 0) }, /tree 0, node 0 asks for column -4/],
    ["two nodes of one name", { nodes_nodeids: ints(0, 1, 1, 3, 4) }, /tree 0 has two nodes 1/],
    [
      "a mode that is none",
      { nodes_modes: { texts: ["BRANCH_FOO", "LEAF", "BRANCH_LEQ", "LEAF", "LEAF"] } },
      /mode "BRANCH_FOO"/,
    ],
    ["a list that is too short", { nodes_values: floats(0.5) }, /nodes_values has 1 values for 5 nodes/],
    ["a leaf value that is not finite", { target_weights: floats(1, Number.NaN, 3) }, /target_weights\[1\] is NaN/],
    ["a target that is not there", { target_ids: ints(0, 1, 0) }, /target_ids\[1\] is 1, there are 1/],
    ["a vote of no node", { target_nodeids: ints(1, 3, 77) }, /node 77 is not in tree 0/],
    ["a number beyond 2^53", { nodes_featureids: ints(2 ** 60, 0, 1, 0, 0) }, /beyond 2\^53/],
    ["no targets", { n_targets: { int: 0 } }, /n_targets is 0/],
    ["a transform that is none", { post_transform: { text: "FOO" } }, /post_transform is "FOO"/],
    ["base values that do not fit", { base_values: floats(1, 2) }, /base_values has 2 values/],
    ["a tree that begins twice", { nodes_treeids: ints(0, 0, 1, 0, 0) }, /tree 0 begins a second time/],
  ])("%s", async (_, change, expected) => {
    await expectInvalid(smallTree(change), expected);
  });

  it("a circle is told in the same words where ONNX Runtime would run the trees", async () => {
    await expectInvalid(
      smallTree({ nodes_truenodeids: ints(1, 0, 0, 0, 0), aggregate_function: { text: "MAX" } }),
      /reached from itself/,
    );
  });

  it("a tree a million levels deep", async () => {
    // Every node's true branch is the same leaf.
    const depth = 1_000_000;
    const nodes = Array.from({ length: depth + 1 }, (_, index) => index);
    const zeros = { ints: nodes.map(() => 0) };
    const bytes = smallTree({
      nodes_treeids: zeros,
      nodes_nodeids: { ints: nodes },
      nodes_featureids: zeros,
      nodes_modes: { texts: nodes.map((index) => (index < depth ? "BRANCH_LEQ" : "LEAF")) },
      nodes_values: { floats: nodes },
      nodes_truenodeids: { ints: nodes.map(() => depth) },
      nodes_falsenodeids: { ints: nodes.map((index) => Math.min(index + 1, depth)) },
      target_treeids: ints(0),
      target_nodeids: ints(depth),
      target_ids: ints(0),
      target_weights: floats(1),
    });
    await expectInvalid(bytes, /more than 4096 levels deep/);
  });

  it("subtrees that share subtrees, doubling at every level, are not written out", async () => {
    // Node i leads to node i + 1 on both sides: 2^40 paths.
    const depth = 40;
    const nodes = Array.from({ length: depth + 1 }, (_, index) => index);
    const bytes = smallTree({
      nodes_treeids: { ints: nodes.map(() => 0) },
      nodes_nodeids: { ints: nodes },
      nodes_featureids: { ints: nodes.map(() => 0) },
      nodes_modes: { texts: nodes.map((index) => (index < depth ? "BRANCH_LEQ" : "LEAF")) },
      nodes_values: { floats: nodes },
      nodes_truenodeids: { ints: nodes.map((index) => Math.min(index + 1, depth)) },
      nodes_falsenodeids: { ints: nodes.map((index) => Math.min(index + 1, depth)) },
      target_treeids: ints(0),
      target_nodeids: ints(depth),
      target_ids: ints(0),
      target_weights: floats(1),
    });
    const model = await openModel(bytes).catch((error: unknown) => {
      if (!isAssayError(error)) throw error;
      expect(error.code).toBe("model-invalid");
      return null;
    });
    if (model) {
      expect(model.runtimeReason).toMatch(/shares subtrees/);
      await model.dispose();
    }
  });
});

describe("a good file", () => {
  it.each([
    ["tree", smallTree(), "kernels"],
    ["network", smallNetwork(), "kernels"],
    ["pipeline", smallPipeline(), "kernels"],
    ["graph of other operators", smallForRuntime(), "onnxruntime"],
  ] as const)("with a %s is opened", async (_, bytes, runtime) => {
    const model = await openModel(bytes);
    expect(model.runtime).toBe(runtime);
    await model.dispose();
  });
});
