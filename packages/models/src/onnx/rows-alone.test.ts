import { type Device, openDevice } from "@assay/compute";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openModel } from "../node/index.ts";
import { smallForRuntime, smallNetwork } from "./small-models.testing.ts";
import { type ModelSpec, writeOnnx } from "./write/write-onnx.ts";

let device: Device;
beforeAll(async () => {
  device = await openDevice("cpu");
});
afterAll(() => device.dispose());

const columns = [Float64Array.of(1, -2, 30, 0.5, 4), Float64Array.of(0, 3, -1, 2, 0.25)];
const shape = {
  inputs: [{ name: "X", type: "float", dims: ["N", 2] }],
  outputs: [{ name: "Y", type: "float", dims: ["N", 2] }],
} as const satisfies Partial<ModelSpec>;

async function predicted(bytes: Uint8Array, rows: readonly number[]) {
  const model = await openModel(bytes, { name: "net.onnx", onnxruntimeOnly: true });
  try {
    const own = columns.map((column) => Float64Array.from(rows, (row) => column[row] ?? 0));
    const { outputs } = await model.predict(own, { device });
    const first = outputs.find(({ kind }) => kind !== "label");
    if (first === undefined || first.kind === "label") throw new Error("no values");
    return { values: first.values, notes: model.notes() };
  } finally {
    await model.dispose();
  }
}

describe("a model in ONNX Runtime answers about each row by itself", () => {
  it.each<[string, ModelSpec["nodes"]]>([
    ["Softmax over axis 0", [{ operator: "Softmax", inputs: ["X"], outputs: ["Y"], attributes: { axis: { int: 0 } } }]],
    [
      "a mean over axis 0",
      [
        {
          operator: "ReduceMean",
          inputs: ["X"],
          outputs: ["m"],
          attributes: { axes: { ints: [0] }, keepdims: { int: 1 } },
        },
        { operator: "Sub", inputs: ["X", "m"], outputs: ["Y"] },
      ],
    ],
  ])("or is refused, with the row and both of its answers: %s", async (_, nodes) => {
    await expect(predicted(writeOnnx({ ...shape, nodes }), [0, 1, 2, 3, 4])).rejects.toMatchObject({
      code: "not-supported",
      message: expect.stringMatching(/output "Y": is \S+ for row 5 among 5 rows, and \S+ for the same row alone/),
    });
  });

  it("and is taken where it does", async () => {
    for (const bytes of [smallNetwork(), smallForRuntime()]) {
      const all = await predicted(bytes, [0, 1, 2, 3, 4]);
      expect(all.notes).toEqual([]);
      expect(all.values.every(Number.isFinite)).toBe(true);
    }
  });

  it("one row at a time where it scales numbers by the largest of all rows", async () => {
    const quantized = writeOnnx({
      ...shape,
      nodes: [
        { operator: "DynamicQuantizeLinear", inputs: ["X"], outputs: ["q", "scale", "zero"] },
        { operator: "DequantizeLinear", inputs: ["q", "scale", "zero"], outputs: ["Y"] },
      ],
    });
    const all = await predicted(quantized, [0, 1, 2, 3, 4]);
    const some = await predicted(quantized, [3, 4]);
    expect([...some.values]).toEqual([...all.values.slice(6)]);
    // A scale of 31 / 255 for all rows would round 0.5 to 0.486.
    expect(all.values[6]).toBeCloseTo(0.5, 2);
    expect(all.notes).toEqual([
      expect.objectContaining({ en: expect.stringContaining("one row at a time"), "zh-CN": expect.any(String) }),
    ]);
  });
});
