import { type Device, openDevice } from "@assay/compute";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Column } from "../columns.ts";
import { smallForRuntime, smallNetwork, smallPipeline, smallTree } from "../onnx/small-models.testing.ts";
import { openModel } from "./open-model.ts";

let device: Device;
beforeAll(async () => {
  device = await openDevice("cpu");
});
afterAll(() => {
  expect(device.allocatedBytes).toBe(0);
  device.dispose();
});

/** Where the test server has onnxruntime-web's files. */
const wasmPath = "/node_modules/onnxruntime-web/dist/";
const numbers: Column[] = [Float64Array.of(0.5, 1, 1), Float64Array.of(5, 2, 3)];
const pipeline: Column[] = [Float64Array.of(20, 60, 40), { levels: ["Bern", "Rom"], codes: Uint8Array.of(0, 1, 0) }];

describe("a model in a browser tab", () => {
  it.each([
    ["a tree", smallTree(), numbers],
    ["a network", smallNetwork(), numbers],
    ["a pipeline with texts", smallPipeline(), pipeline],
  ])("%s runs on our kernels, and the same in ONNX Runtime's WASM", async (_, bytes, columns) => {
    const ours = await openModel(new File([bytes], "model.onnx"), { wasmPath });
    expect([ours.file, ours.runtime]).toEqual(["model.onnx", "kernels"]);
    const theirs = await openModel(bytes, { wasmPath, onnxruntimeOnly: true });
    expect(theirs.runtime).toBe("onnxruntime");
    expect(theirs.digest).toBe(ours.digest);
    const [own, other] = [await ours.predict(columns, { device }), await theirs.predict(columns, { device })];
    for (const [index, output] of own.outputs.entries()) {
      const peer = other.outputs[index];
      if (output.kind === "label") expect(peer).toEqual(output);
      else {
        expect(output.values.length).toBeGreaterThan(0);
        for (const [at, value] of output.values.entries()) {
          expect(value).toBeCloseTo(peer?.kind === output.kind ? (peer.values[at] ?? Number.NaN) : Number.NaN, 6);
        }
      }
    }
    await ours.dispose();
    await theirs.dispose();
  });

  it("operators that are not compiled run in ONNX Runtime's WASM", async () => {
    const model = await openModel(smallForRuntime(), { wasmPath });
    expect(model.runtime).toBe("onnxruntime");
    const { outputs } = await model.predict(numbers, { device });
    const maps = outputs.find((output) => output.kind === "probabilities");
    if (maps?.kind !== "probabilities") throw new Error("no probabilities");
    expect(maps.values[0]).toBeCloseTo(1 / (1 + Math.exp(-Math.cos(0.5))), 6);
    await model.dispose();
  });

  it("a damaged file is refused, and weights in other files are not looked for", async () => {
    await expect(openModel(smallTree().subarray(0, 100), { wasmPath })).rejects.toMatchObject({
      code: "model-invalid",
    });
  });
});
