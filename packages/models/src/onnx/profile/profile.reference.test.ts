import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { openModel } from "../../node/index.ts";
import { type ProfileTotals, profileTotals } from "../../profile.ts";

const folder = fileURLToPath(new URL("../../../../../../shared/reference/models/", import.meta.url));

async function totals(name: string): Promise<ProfileTotals & { readonly told: number }> {
  const model = await openModel(`${folder}${name}`);
  try {
    if (model.profile === null) throw new Error("no profile");
    return { ...profileTotals(model.profile), told: model.parameters };
  } finally {
    await model.dispose();
  }
}

describe.skipIf(!existsSync(folder))("the shared models", () => {
  it("the 784-128-64-10 network has exactly its parameters, products and bytes", async () => {
    const found = await totals("mlp_mnist.json.gz");
    expect(found.parameters).toBe(109_386);
    expect(found.multiplyAccumulates).toEqual({ value: 784 * 128 + 128 * 64 + 64 * 10, complete: true });
    expect(found.multiplyAccumulates.value).toBe(109_184);
    // b5_b6_mlp.json, b6: float32.
    expect(found.weightBytes).toBe(437_544);
  });

  it.each(["mlp_synth50", "mlp_breast_cancer"])("%s costs the same as ONNX and as JSON", async (name) => {
    const [onnx, json] = [await totals(`${name}.onnx`), await totals(`${name}.json.gz`)];
    expect(onnx.multiplyAccumulates).toEqual(json.multiplyAccumulates);
    expect(onnx.multiplyAccumulates.value).toBeGreaterThan(0);
    expect(onnx.multiplyAccumulates.complete).toBe(true);
    expect(onnx.operations.complete).toBe(true);
    expect(onnx.parameters).toBe(onnx.told);
  });

  it.each(["rf100_d8_adult", "gb100_d3_adult"])("%s asks the same of a row as ONNX and as JSON", async (name) => {
    const [onnx, json] = [await totals(`${name}.onnx`), await totals(`${name}.json.gz`)];
    expect(onnx.parameters).toBe(json.parameters);
    expect(onnx.comparisons?.most).toBe(json.comparisons?.most);
    expect(onnx.comparisons?.over).toBe("covers");
    expect(onnx.comparisons?.mean).toBeCloseTo(json.comparisons?.mean ?? 0, 6);
    const depth = name.startsWith("rf") ? 8 : 3;
    expect(onnx.comparisons?.most).toBeLessThanOrEqual(100 * depth);
    expect(onnx.comparisons?.mean).toBeLessThan(onnx.comparisons?.most ?? 0);
  });
});
