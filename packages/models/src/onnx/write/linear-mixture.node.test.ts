import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDevice, PhiloxStream } from "@assay/compute";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { expect, it } from "vitest";
import { openModel } from "../../node/index.ts";
import { writeLinearMixture } from "./linear-mixture.ts";

const members = [
  {
    probability: 0.5,
    classifier: {
      coefficients: [Float64Array.of(1, -0.5, 2, -1)],
      intercepts: Float64Array.of(0.25),
      scaler: { offset: Float64Array.of(1, 0, 0, 0), scale: Float64Array.of(0.5, 2, 1, 1) },
    },
  },
  {
    probability: 0.2,
    classifier: { coefficients: [Float64Array.of(-1, 1, 0, 0)], intercepts: Float64Array.of(0), scaler: null },
  },
  { probability: 0.25, decision: 1 },
  { probability: 0.05, decision: 0 },
] as const;
const towns = ["Bern", "西安"];

/** The share of the members that decide for the second class. */
function expected(income: number, years: number, town: string): number {
  const features = [income, years, ...towns.map((one) => Number(one === town))];
  return members.reduce((sum, member) => {
    if ("decision" in member) return sum + member.probability * member.decision;
    const { coefficients, intercepts, scaler } = member.classifier;
    const score = features.reduce(
      (total, value, index) =>
        total + (coefficients[0]?.[index] ?? 0) * (value - (scaler?.offset[index] ?? 0)) * (scaler?.scale[index] ?? 1),
      intercepts[0] ?? 0,
    );
    return sum + (score >= 0 ? member.probability : 0);
  }, 0);
}

it("writes a mixture of classifiers whose output is the chance of the second class, here and in ONNX Runtime", async () => {
  const bytes = writeLinearMixture(members, [
    { name: "probabilities", kind: "number" },
    { name: "years", kind: "number" },
    { name: "town", kind: "one-hot", levels: towns },
  ]);
  const random = new PhiloxStream(1, 1);
  const rows = Array.from({ length: 500 }, () => ({
    income: Math.fround(4 * random.normal()),
    years: Math.fround(4 * random.normal()),
    town: [...towns, "Rome"][random.integer(3)] ?? "",
  }));
  const wanted = rows.map(({ income, years, town }) => expected(income, years, town));

  const session = await InferenceSession.create(bytes);
  const given = await session.run({
    probabilities: new Tensor(
      "float32",
      Float32Array.from(rows, (row) => row.income),
      [500, 1],
    ),
    years: new Tensor(
      "float32",
      Float32Array.from(rows, (row) => row.years),
      [500, 1],
    ),
    town: new Tensor(
      "string",
      rows.map((row) => row.town),
      [500, 1],
    ),
  });
  const theirs = Object.values(given)[0]?.data as Float32Array;

  const folder = mkdtempSync(join(tmpdir(), "assay-mixture-"));
  const device = await openDevice("cpu");
  try {
    writeFileSync(join(folder, "model.onnx"), bytes);
    const model = await openModel(join(folder, "model.onnx"), {});
    expect(model.runtime).toBe("kernels");
    const { outputs } = await model.predict(
      [
        Float64Array.from(rows, (row) => row.income),
        Float64Array.from(rows, (row) => row.years),
        { levels: [...towns, "Rome"], codes: Uint32Array.from(rows, (row) => [...towns, "Rome"].indexOf(row.town)) },
      ],
      { device },
    );
    const [output] = outputs;
    if (output?.kind !== "probabilities") throw new Error("no probabilities");
    // Sums of float32 probabilities.
    for (const [row, chance] of wanted.entries()) {
      expect(Math.abs((output.values[2 * row + 1] ?? -1) - chance)).toBeLessThan(1e-6);
      expect(Math.abs((output.values[2 * row] ?? -1) - (1 - chance))).toBeLessThan(1e-6);
      expect(Math.abs((theirs[2 * row + 1] ?? -1) - chance)).toBeLessThan(1e-6);
    }
    await model.dispose();
  } finally {
    device.dispose();
    rmSync(folder, { recursive: true });
  }
});
