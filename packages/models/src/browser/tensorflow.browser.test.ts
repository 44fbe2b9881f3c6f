import { type Device, openDevice } from "@assay/compute";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rawBytes, writeOnnx } from "../onnx/write/write-onnx.ts";
import { openModel } from "./open-model.ts";

let device: Device;
beforeAll(async () => {
  device = await openDevice("cpu");
});
afterAll(() => {
  expect(device.allocatedBytes).toBe(0);
  device.dispose();
});

/** Where the test server has the files of the two runtimes. */
const paths = {
  wasmPath: "/node_modules/onnxruntime-web/dist/",
  tensorflowWasmPath: "/node_modules/@tensorflow/tfjs-backend-wasm/dist/",
};
const kernel = Float32Array.of(0.5, -1, 0.25, 0.75);
const bias = Float32Array.of(0.1, -0.2);

/** One dense layer of two inputs and two units, with its two shards. */
function model(activation: string): { json: File; shards: File[] } {
  const layer = {
    class_name: "Dense",
    config: { name: "dense", units: 2, activation, use_bias: true, batch_input_shape: [null, 2], dtype: "float32" },
  };
  const json = {
    format: "layers-model",
    modelTopology: { class_name: "Sequential", config: { name: "net", layers: [layer] } },
    weightsManifest: [
      {
        paths: ["group1-shard1of2.bin", "group1-shard2of2.bin"],
        weights: [
          { name: "dense/kernel", shape: [2, 2], dtype: "float32" },
          { name: "dense/bias", shape: [2], dtype: "float32" },
        ],
      },
    ],
  };
  return {
    json: new File([JSON.stringify(json)], "model.json"),
    shards: [new File([kernel], "group1-shard1of2.bin"), new File([bias], "group1-shard2of2.bin")],
  };
}

const columns = [Float64Array.of(1, 0, -2), Float64Array.of(0.5, 3, 1)];
const sums = [0, 1, 2].flatMap((row) =>
  [0, 1].map(
    (unit) =>
      (columns[0]?.[row] ?? 0) * (kernel[unit] ?? 0) +
      (columns[1]?.[row] ?? 0) * (kernel[2 + unit] ?? 0) +
      (bias[unit] ?? 0),
  ),
);

describe("a TensorFlow.js model in a browser tab, with the files dropped beside it", () => {
  it("runs on our kernels where it is dense, and on WebAssembly where it is not or is asked to", async () => {
    const { json, shards } = model("linear");
    const ours = await openModel(json, { ...paths, beside: shards });
    expect([ours.file, ours.format, ours.runtime]).toEqual(["model.json", "tensorflow", "kernels"]);
    expect(ours.externalFiles.map(({ name, sizeBytes }) => [name, sizeBytes])).toEqual([
      ["group1-shard1of2.bin", 16],
      ["group1-shard2of2.bin", 8],
    ]);
    const theirs = await openModel(json, { ...paths, beside: shards, tensorflowOnly: true });
    expect(theirs.runtimeReason).toMatch(/^it was asked for; TensorFlow\.js 4\.22\.0 on WebAssembly/);
    const elu = await openModel(model("elu").json, { ...paths, beside: shards });
    expect([elu.runtime, elu.runtimeReason]).toEqual([
      "tensorflow",
      'layer "dense" (Dense) has the activation "elu"; TensorFlow.js 4.22.0 on WebAssembly (the run is not on WebGPU)',
    ]);
    const expected = { ours: sums, theirs: sums, elu: sums.map((z) => (z > 0 ? z : Math.exp(z) - 1)) };
    for (const [name, one] of Object.entries({ ours, theirs, elu })) {
      const [output] = (await one.predict(columns, { device })).outputs;
      if (output?.kind !== "value") throw new Error("no values");
      for (const [index, value] of output.values.entries()) {
        expect(value, name).toBeCloseTo(expected[name as keyof typeof expected][index] ?? Number.NaN, 6);
      }
      const gradient = await one.gradient?.(columns, { device, output: 1 });
      const slope = (row: number) => (name === "elu" ? Math.min(1, Math.exp(sums[row * 2 + 1] ?? 0)) : 1);
      for (const [index, value] of (gradient ?? []).entries()) {
        const weight = kernel[index % 2 === 0 ? 1 : 3] ?? Number.NaN;
        expect(value, name).toBeCloseTo(weight * slope(index >> 1), 5);
      }
      expect(gradient).toHaveLength(6);
      await one.dispose();
    }
  });

  it("runs on WebGPU where the run does, and says so", async (context) => {
    if (!("gpu" in navigator) || (await navigator.gpu.requestAdapter()) === null) context.skip("no WebGPU here");
    const { shards } = model("elu");
    const one = await openModel(model("elu").json, { ...paths, beside: shards, device: "webgpu" });
    expect(one.runtimeReason).toMatch(/TensorFlow\.js 4\.22\.0 on WebGPU$/);
    const [output] = (await one.predict(columns, { device })).outputs;
    if (output?.kind !== "value") throw new Error("no values");
    for (const [index, value] of output.values.entries()) {
      const z = sums[index] ?? Number.NaN;
      expect(value).toBeCloseTo(z > 0 ? z : Math.exp(z) - 1, 4);
    }
    await one.dispose();
  });

  it("is refused by name where a file is not among those given, or is cut off", async () => {
    const { json, shards } = model("linear");
    await expect(openModel(json, { ...paths, beside: shards.slice(1) })).rejects.toMatchObject({
      code: "not-found",
      message: 'model.json, external data "group1-shard1of2.bin": is not among the files given; give it with the model',
    });
    await expect(openModel(json, paths)).rejects.toMatchObject({ code: "not-found" });
    const short = [new File([kernel.slice(1)], "group1-shard1of2.bin"), ...shards.slice(1)];
    await expect(openModel(json, { ...paths, beside: short })).rejects.toMatchObject({ code: "model-invalid" });
  });
});

describe("an ONNX model with weights in another file", () => {
  it("opens with the file given beside it", async () => {
    const bytes = writeOnnx({
      nodes: [{ operator: "Add", inputs: ["X", "w"], outputs: ["Y"] }],
      initializers: [{ name: "w", type: "float", dims: [2], values: [], external: { location: "w.data" } }],
      inputs: [{ name: "X", type: "float", dims: ["N", 2] }],
      outputs: [{ name: "Y", type: "float", dims: ["N", 2] }],
    });
    const beside = [{ name: "w.data", data: new Blob([rawBytes("float", [10, 20])]) }];
    const one = await openModel(new File([bytes], "model.onnx"), { ...paths, beside });
    expect(one.externalFiles).toMatchObject([{ name: "w.data", sizeBytes: 8 }]);
    const [output] = (await one.predict([Float64Array.of(1), Float64Array.of(2)], { device })).outputs;
    expect(output).toMatchObject({ values: Float64Array.of(11, 22) });
    await one.dispose();
  });
});
