import { gzipSync } from "node:zlib";
import { type Device, openDevice } from "@assay/compute";
import { isAssayError } from "@assay/schema";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openModel } from "../node/index.ts";
import { fixture } from "../onnx/frameworks/fixture.testing.ts";

let device: Device;
beforeAll(async () => {
  device = await openDevice("cpu");
});
afterAll(() => {
  expect(device.allocatedBytes).toBe(0);
  device.dispose();
});

const bytesOf = (data: unknown) => new TextEncoder().encode(JSON.stringify(data));
const tree = {
  feature: [0, -2, -2],
  threshold: [0.5, 0, 0],
  left: [1, -1, -1],
  right: [2, -1, -1],
  value: [0, 0.25, 0.75],
};
const forest = { kind: "forest", aggregate: "mean", n_features: 2, trees: [tree, tree] };
const mlp = {
  kind: "mlp",
  activation: "relu",
  out: "logistic",
  coefs: [[[1], [2]]],
  intercepts: [[0.5]],
  classes: [0, 1],
};

async function refusal(data: unknown): Promise<{ code: string; message: string }> {
  try {
    await openModel(bytesOf(data), { name: "model.json" });
  } catch (error) {
    if (!isAssayError(error)) throw error;
    return { code: error.code, message: error.message };
  }
  throw new Error("nothing was refused");
}

describe("models as JSON", () => {
  it("trees give the probability of class 1, or what their link makes of the sum", async () => {
    const columns = [Float64Array.of(0.5, 0.6), Float64Array.of(0, 0)];
    for (const [data, expected] of [
      [forest, [0.25, 0.75]],
      [
        { ...forest, kind: "gbt", aggregate: "sum", base: -1, learning_rate: 2, link: "logistic" },
        [0, 2].map((x) => 1 / (1 + Math.exp(-x))),
      ],
    ] as const) {
      const model = await openModel(bytesOf(data), { name: "trees.json" });
      expect([model.format, model.runtime, model.inputs.length, model.main.kind]).toEqual([
        "json",
        "kernels",
        2,
        "probabilities",
      ]);
      const [output] = (await model.predict(columns, { device })).outputs;
      if (output?.kind !== "probabilities") throw new Error("no probabilities");
      for (const [row, value] of output.values.entries()) expect(value).toBeCloseTo(expected[row] ?? Number.NaN, 12);
      await model.dispose();
    }
  });

  it("networks give what scikit-learn gives, also gzipped, with their scaler and classes", async () => {
    const one = fixture("network of two classes");
    const data = {
      kind: "mlp",
      activation: "relu",
      out: "logistic",
      coefs: one.coefs,
      intercepts: one.intercepts,
      classes: [0, 1],
    };
    const scaler = { mean: one.x[0]?.map(() => 3), scale: one.x[0]?.map(() => 2) };
    const expected = (one.probabilities ?? []).map((row) => row[1] ?? Number.NaN);
    for (const [bytes, name, shift] of [
      [bytesOf(data), "model.json", (x: number) => x],
      [gzipSync(bytesOf({ ...data, scaler })), "model.json.gz", (x: number) => x * 2 + 3],
    ] as const) {
      const model = await openModel(bytes, { name });
      expect(model.main).toMatchObject({ kind: "probabilities", classes: ["0", "1"], width: 1 });
      const columns = (one.x[0] ?? []).map((_, column) =>
        Float64Array.from(one.x, (row) => shift(Number(row[column]))),
      );
      const [output] = (await model.predict(columns, { device })).outputs;
      if (output?.kind !== "probabilities") throw new Error("no probabilities");
      for (const [row, value] of output.values.entries())
        expect(Math.abs(value - (expected[row] ?? Number.NaN))).toBeLessThan(1e-6);
      await model.dispose();
    }
  });

  it.each([
    [
      "an XGBoost model as JSON",
      { learner: { attributes: {} }, version: [1, 7, 4] },
      /XGBoost.*convert_xgboost/,
      "model-invalid",
    ],
    ["a kind that is none", { kind: "svm" }, /has kind "svm"/, "model-invalid"],
    [
      "a child that is not there",
      { ...forest, trees: [{ ...tree, left: [7, -1, -1] }] },
      /trees\.0\.left\.0: leads to node 7 of 3/,
      "model-invalid",
    ],
    [
      "a circle",
      { ...forest, trees: [tree, { ...tree, left: [0, -1, -1] }] },
      /tree 1, node 0 is reached from itself/,
      "model-invalid",
    ],
    [
      "lists of different lengths",
      { ...forest, trees: [{ ...tree, value: [1] }] },
      /trees\.0\.value: 1 values for 3 nodes/,
      "model-invalid",
    ],
    ["a column that is not there", { ...forest, n_features: 0 }, /n_features/, "model-invalid"],
    [
      "a feature beyond the columns",
      { ...forest, trees: [{ ...tree, feature: [5, -2, -2] }] },
      /asks for column 5, the input has 2/,
      "model-invalid",
    ],
    [
      "layers that do not fit",
      {
        ...mlp,
        coefs: [
          [[1], [2]],
          [[1], [2]],
        ],
        intercepts: [[0.5], [1]],
      },
      /coefs\.1: takes 2 inputs, the layer before gives 1/,
      "model-invalid",
    ],
    ["ragged weights", { ...mlp, coefs: [[[1], [2, 3]]] }, /coefs\.0\.1: 2 weights/, "model-invalid"],
    [
      "a bias that does not fit",
      { ...mlp, intercepts: [[0.5, 1]] },
      /intercepts\.0: 2 values for 1 outputs/,
      "model-invalid",
    ],
    ["a missing key", { ...mlp, out: undefined }, /model\.json, out/, "model-invalid"],
    ["classes that do not fit", { ...mlp, classes: [0, 1, 2] }, /3 classes for 1 outputs/, "model-invalid"],
  ])("refuses %s", async (_, data, text, code) => {
    const error = await refusal(data);
    expect(error.message).toMatch(text);
    expect(error.code).toBe(code);
  });

  it("refuses what is no JSON, and a gzip that is cut off", async () => {
    await expect(openModel(new TextEncoder().encode("{nope"), { name: "m.json" })).rejects.toMatchObject({
      code: "model-invalid",
    });
    const whole = gzipSync(bytesOf(forest));
    await expect(openModel(whole.subarray(0, 40), { name: "m.json.gz" })).rejects.toMatchObject({
      code: "model-invalid",
    });
  });
});
