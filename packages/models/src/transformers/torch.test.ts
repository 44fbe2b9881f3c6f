import { fileURLToPath } from "node:url";
import { type Device, openDevice } from "@assay/compute";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openModel } from "../node/index.ts";
import expected from "./fixture/expected.json" with { type: "json" };
import { softmaxByHand } from "./folders.testing.ts";

let device: Device;
beforeAll(async () => {
  device = await openDevice("cpu");
});
afterAll(() => device.dispose());

/** A BERT of two layers that PyTorch exported, with PyTorch's own logits: fixture/make_fixture.py. */
const folder = fileURLToPath(new URL("./fixture/", import.meta.url));

describe("a transformer that PyTorch exported", () => {
  it("gives PyTorch's probabilities to 1e-5, of texts of any length", async () => {
    const model = await openModel(folder, { name: "bert" });
    const levels = expected.rows.map((row) => row.text);
    const { outputs } = await model.predict([{ levels, codes: Uint8Array.from(levels, (_, row) => row) }], { device });
    const [output] = outputs;
    if (output?.kind !== "probabilities") throw new Error("no probabilities");
    for (const [row, { logits }] of expected.rows.entries()) {
      for (const [place, value] of softmaxByHand(logits).entries()) {
        expect(Math.abs((output.values[row * 3 + place] ?? Number.NaN) - value)).toBeLessThan(1e-5);
      }
    }
    // The last text has 82 tokens of 32.
    expect(model.notes()[0]?.en).toMatch(/^1 text is longer than the 32 tokens .* \(up to 82\)/);
    expect(model.parameters).toBe(expected.parameters);
    await model.dispose();
  });

  it("has a profile of a text of as many tokens as it reads", async () => {
    const model = await openModel(folder);
    const layers = model.profile?.layers ?? [];
    const unknown = layers.filter((layer) => layer.unknown !== null).map((layer) => [layer.operator, layer.unknown]);
    expect(unknown).toEqual([]);
    const macs = layers.reduce((sum, layer) => sum + (layer.multiplyAccumulates ?? 0), 0);
    // 32 tokens of 16: in each of two layers the projections in and out, attention, and 16 → 32 → 16; then one dense layer
    // and three classes.
    const layer = 32 * 16 * 48 + 32 * 16 * 16 + 2 * 32 * 32 * 16 + 2 * 32 * 16 * 32;
    expect(macs).toBe(2 * layer + 16 * 16 + 16 * 3);
    await model.dispose();
  });
});
