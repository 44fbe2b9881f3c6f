import { type Device, openDevice } from "@assay/compute";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Model } from "../model.ts";
import { openModel } from "../node/index.ts";
import { torchNetwork } from "../onnx/frameworks/exporters.testing.ts";
import { fixture } from "../onnx/frameworks/fixture.testing.ts";
import { smallForRuntime, smallPipeline, smallTree } from "../onnx/small-models.testing.ts";
import { writeOnnx } from "../onnx/write/write-onnx.ts";

let device: Device;
beforeAll(async () => {
  device = await openDevice("cpu");
});
afterAll(() => {
  expect(device.allocatedBytes).toBe(0);
  device.dispose();
});

const bytesOf = (data: unknown) => new TextEncoder().encode(JSON.stringify(data));
const network = {
  kind: "mlp",
  activation: "tanh",
  out: "softmax",
  coefs: [
    [
      [0.3, -0.6, 0.2],
      [-0.5, 0.4, 0.7],
    ],
    [
      [0.8, -0.2],
      [-0.4, 0.9],
      [0.1, 0.5],
    ],
  ],
  intercepts: [
    [0.1, -0.2, 0.05],
    [0.3, -0.1],
  ],
  classes: ["no", "yes"],
};
const columns = [Float64Array.of(0.2, -1, 2, 0.7), Float64Array.of(1.5, 0.3, -0.8, 0)];

async function output(model: Model, given: readonly Float64Array[], column: number): Promise<Float64Array> {
  const { outputs } = await model.predict(given, { device });
  const main = outputs.find(({ name }) => name === model.main.name);
  if (!main || main.kind === "label") throw new Error("no numbers");
  return Float64Array.from({ length: given[0]?.length ?? 0 }, (_, row) => main.values[row * main.width + column] ?? 0);
}

/** Central differences: a step of 0.01 errs by some 1e-5, and float32 outputs by as much. */
async function expectDifferences(model: Model, given: readonly Float64Array[], column: number): Promise<void> {
  const gradients = await model.gradient?.(given, { device, output: column });
  const inputs = given.length;
  const step = 0.01;
  expect(gradients).toHaveLength(inputs * (given[0]?.length ?? 0));
  for (let input = 0; input < inputs; input++) {
    const moved = (by: number) =>
      given.map((each, place) => (place === input ? each.map((value) => value + by) : each));
    const [up, down] = [await output(model, moved(step), column), await output(model, moved(-step), column)];
    for (const [row, value] of up.entries()) {
      const slope = (value - (down[row] ?? 0)) / (2 * step);
      expect(
        Math.abs((gradients?.[row * inputs + input] ?? Number.NaN) - slope),
        `row ${row}, input ${input}`,
      ).toBeLessThan(1e-4);
    }
  }
}

describe("gradients of networks that our kernels run are slopes of what these give", () => {
  it.each([
    ["as JSON", network],
    ["behind a scaler", { ...network, scaler: { mean: [0.4, -1], scale: [2, 0.5] } }],
    [
      "of one logistic output",
      { ...network, activation: "logistic", out: "logistic", coefs: [[[0.4], [-1.2]]], intercepts: [[0.1]] },
    ],
    ["of a value", { ...network, out: "identity", classes: undefined }],
  ])("%s", async (_, data) => {
    const model = await openModel(bytesOf(data), { name: "model.json" });
    expect(model.runtime).toBe("kernels");
    for (let column = 0; column < (model.main.width ?? 1); column++) await expectDifferences(model, columns, column);
    await model.dispose();
  });

  it("as PyTorch exports them, and as ONNX with a Scaler before and both classes after", async () => {
    const one = fixture("network of three classes");
    const given = (one.x[0] ?? []).map((_, column) => Float64Array.from(one.x, (row) => Number(row[column])));
    const exported = await openModel(torchNetwork(one.coefs ?? [], one.intercepts ?? [], "Tanh", false).model);
    expect(exported.runtime).toBe("kernels");
    for (const column of [0, 2]) await expectDifferences(exported, given, column);
    await exported.dispose();
    const bytes = writeOnnx({
      nodes: [
        {
          operator: "Scaler",
          domain: "ai.onnx.ml",
          inputs: ["X"],
          outputs: ["scaled"],
          attributes: { offset: { floats: [0.4, -1] }, scale: { floats: [0.5, 2] } },
        },
        { operator: "Gemm", inputs: ["scaled", "w", "b"], outputs: ["z"] },
        { operator: "Sigmoid", inputs: ["z"], outputs: ["p"] },
        { operator: "Sub", inputs: ["one", "p"], outputs: ["q"] },
        { operator: "Concat", inputs: ["q", "p"], outputs: ["probabilities"], attributes: { axis: { int: 1 } } },
      ],
      initializers: [
        { name: "w", type: "float", dims: [2, 1], values: [0.7, -1.1] },
        { name: "b", type: "float", dims: [1], values: [0.2] },
        { name: "one", type: "float", dims: [1], values: [1] },
      ],
      inputs: [{ name: "X", type: "float", dims: ["N", 2] }],
      outputs: [{ name: "probabilities", type: "float", dims: ["N", 2] }],
    });
    const both = await openModel(bytes);
    for (const column of [0, 1]) await expectDifferences(both, columns, column);
    await both.dispose();
  });

  it("are nothing in a row with a missing value, and refused for an output that is none", async () => {
    const model = await openModel(bytesOf(network), { name: "model.json" });
    const given = [Float64Array.of(1, Number.NaN, 1), Float64Array.of(1, 1, 1)];
    const gradients = await model.gradient?.(given, { device, output: 1 });
    expect([...(gradients ?? [])].map(Number.isNaN)).toEqual([false, false, true, true, false, false]);
    await expect(model.gradient?.(given, { device, output: 2 })).rejects.toMatchObject({
      code: "usage",
      message: "gradient: the main output has 2 columns, got output 2",
    });
    const stop = AbortSignal.abort();
    await expect(model.gradient?.(given, { device, output: 0, signal: stop })).rejects.toMatchObject({
      code: "cancelled",
    });
    await model.dispose();
  });

  it("are not there for trees, texts and what ONNX Runtime runs", async () => {
    for (const bytes of [smallTree(), smallPipeline(), smallForRuntime()]) {
      const model = await openModel(bytes);
      expect(model.gradient).toBeNull();
      await model.dispose();
    }
  });
});
