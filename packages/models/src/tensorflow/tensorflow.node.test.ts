import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Device, openDevice } from "@assay/compute";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Model } from "../model.ts";
import { openModel } from "../node/index.ts";
import { asWritten, changeOf, columnsOf, fixtureCase } from "./fixture.testing.ts";
import { filesOf, placed, theirs } from "./written-models.testing.ts";

let device: Device;
let folder: string;
beforeAll(async () => {
  device = await openDevice("cpu");
  folder = mkdtempSync(join(tmpdir(), "assay-tensorflow-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  expect(device.allocatedBytes).toBe(0);
  device.dispose();
});

const place = (name: string, shardBytes = 64) => {
  const one = fixtureCase(name);
  return placed(folder, name.replaceAll(" ", "-"), filesOf(asWritten(one), { shardBytes, change: changeOf(one) }));
};

function distance(values: ArrayLike<number>, expected: readonly (readonly number[])[]): number {
  const flat = expected.flat();
  expect(values.length).toBe(flat.length);
  return flat.reduce((most, value, index) => Math.max(most, Math.abs(value - (values[index] ?? Number.NaN))), 0);
}

async function answers(model: Model, name: string) {
  const { outputs } = await model.predict(columnsOf(fixtureCase(name)), { device });
  const main = outputs.find((output) => output.name === model.main.name);
  if (!main || main.kind === "label") throw new Error("no numbers");
  return main.values;
}

describe("TensorFlow.js models give what PyTorch gives for their weights", () => {
  it.each([
    ["dense layers", "kernels", null],
    ["dense layers of Keras 3", "kernels", null],
    [
      "an image",
      "tensorflow",
      /^layer "conv2d" \(Conv2D\) is not compiled; TensorFlow\.js 4\.22\.0 on WebAssembly \(neither/,
    ],
    ["two inputs", "tensorflow", /^its layers do not follow each other one by one; /],
    ["a graph", "tensorflow", /^it is a graph model; TensorFlow\.js 4\.22\.0 on WebAssembly/],
    ["a graph with Einsum", "tensorflow", /on plain JavaScript, slowly: its wasm backend has no kernel Einsum$/],
  ])("%s, on %s", async (name, runtime, reason) => {
    const one = fixtureCase(name);
    const model = await openModel(place(name));
    expect([model.format, model.runtime]).toEqual(["tensorflow", runtime]);
    if (reason === null) expect(model.runtimeReason).toBeNull();
    else expect(model.runtimeReason).toMatch(reason);
    // Float32 against float64: some units of its last place, 6e-8.
    expect(distance(await answers(model, name), one.outputs)).toBeLessThan(1e-6);
    if (one.gradients) {
      const output = (one.outputs[0]?.length ?? 1) - 1;
      const gradients = await model.gradient?.(columnsOf(one), { device, output });
      expect(distance(gradients ?? [], one.gradients)).toBeLessThan(2e-6);
    } else expect(model.gradient).toBeNull();
    expect(model.profile?.layers.reduce((sum, layer) => sum + layer.parameters, 0)).toBe(model.parameters);
    await model.dispose();
  });

  it.each(["dense layers", "dense layers of Keras 3"])(
    "%s: kernels and TensorFlow.js agree, and so do their gradients",
    async (name) => {
      const one = fixtureCase(name);
      const path = place(name);
      const [ours, other] = [await openModel(path), await openModel(path, { tensorflowOnly: true })];
      expect([ours.runtime, other.runtime]).toEqual(["kernels", "tensorflow"]);
      expect(other.runtimeReason).toMatch(/^it was asked for; TensorFlow\.js 4\.22\.0 on WebAssembly/);
      const own = await answers(ours, name);
      expect(distance(await answers(other, name), [[...own]])).toBeLessThan(1e-6);
      const options = { device, output: (one.outputs[0]?.length ?? 1) - 1 };
      const gradients = (await ours.gradient?.(columnsOf(one), options)) ?? [];
      expect(distance((await other.gradient?.(columnsOf(one), options)) ?? [], [[...gradients]])).toBeLessThan(1e-6);
      expect(ours.inputs).toEqual(other.inputs);
      expect(ours.outputs).toEqual(other.outputs);
      expect(ours.profile).toEqual(other.profile);
      await ours.dispose();
      await other.dispose();
    },
  );

  it("and leaves nothing behind: no tensor, no variable, no backend, also with two open at once", async () => {
    const { core } = await theirs();
    const before = { ...core.memory(), backend: core.engine().backendName };
    const names = ["an image", "two inputs", "a graph", "a graph with Einsum"];
    const models = await Promise.all(names.map((name) => openModel(place(name))));
    const again = await openModel(place("an image"));
    await Promise.all(
      [...models, again].map(async (model, index) => {
        const name = names[index] ?? "an image";
        const one = fixtureCase(name);
        expect(distance(await answers(model, name), one.outputs)).toBeLessThan(1e-6);
        await model.gradient?.(columnsOf(one), { device, output: 0 });
      }),
    );
    await Promise.all([...models, again].map((model) => model.dispose()));
    const after = core.memory();
    expect([after.numTensors, after.numDataBuffers, core.engine().backendName]).toEqual([
      before.numTensors,
      before.numDataBuffers,
      before.backend,
    ]);
  });
});

describe("what a row of them costs", () => {
  const layers = async (name: string) => {
    const model = await openModel(place(name));
    await model.dispose();
    return (model.profile?.layers ?? []).map(({ name: own, multiplyAccumulates, operations, shape }) => [
      own,
      multiplyAccumulates,
      operations,
      shape?.join(" "),
    ]);
  };

  it("is counted layer by layer, as for ONNX", async () => {
    // 8 × 8 places of 4 filters of 3 × 3: products, biases and relu; a product and a sum; windows of 4; and a softmax of 3.
    expect(await layers("an image")).toEqual([
      ["conv2d", 2304, 2 * 2304 + 256 + 256, "1 8 8 4"],
      ["batch_normalization", 0, 512, "1 8 8 4"],
      ["max_pooling2d", 0, 256, "1 4 4 4"],
      ["flatten", 0, 0, "1 64"],
      ["dense_3", 192, 2 * 192 + 3 + 13, "1 3"],
    ]);
    expect(await layers("dense layers")).toEqual([
      ["dense", 40, 80 + 8 + 8, "1 8"],
      ["dropout", 0, 0, "1 8"],
      ["dense_1", 48, 96 + 6, "1 6"],
      ["activation", 0, 6, "1 6"],
      ["dense_2", 18, 36 + 3 + 13, "1 3"],
    ]);
    expect(await layers("a graph")).toEqual([
      ["m/a", 24, 48 + 6 + 6, "1 6"],
      ["m/o", 18, 36 + 3, "1 3"],
      ["m/Softmax", 0, 13, "1 3"],
      ["Identity", 0, 0, "1 3"],
    ]);
  });

  it("is told with the most bytes that are needed at one time", async () => {
    const model = await openModel(place("an image"));
    // The convolution's output beside its normalization, each 8 × 8 × 4 numbers.
    expect([model.profile?.peakActivationBytes, model.profile?.inputBytes]).toEqual([2048, 256]);
    expect(model.inputs.map(({ name }) => name)).toEqual(Array.from({ length: 64 }, (_, at) => `conv2d_input[${at}]`));
    await model.dispose();
  });

  it("says of a node that it is not counted, and why", async () => {
    const model = await openModel(place("a graph with Einsum"));
    expect(model.profile?.layers[0]).toMatchObject({
      operator: "Einsum",
      multiplyAccumulates: null,
      unknown: "the operations of Einsum are not counted",
    });
    await model.dispose();
  });
});
