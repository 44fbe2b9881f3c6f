import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { loadNetwork, openDevice, predictNetwork, uploadTable } from "@assay/compute";
import { describe, expect, it } from "vitest";
import { tensorFlow } from "../../node/tensorflow.ts";
import { trainNetwork } from "./train-network.ts";

const folder = fileURLToPath(new URL("../../../../../../shared/data/", import.meta.url));

function images(name: string): Float32Array {
  return Float32Array.from(gunzipSync(readFileSync(`${folder}${name}`)).subarray(16), (value) => value / 255);
}

function labels(name: string): Uint8Array {
  return Uint8Array.from(gunzipSync(readFileSync(`${folder}${name}`)).subarray(8));
}

describe.skipIf(!existsSync(`${folder}t10k-images-idx3-ubyte.gz`))("the article's network, 784-128-64-10", () => {
  it("learns digits: at least 0.945 of the test file within 10 epochs", { timeout: 300_000 }, async () => {
    const values = images("mnist10k-train-images-idx3-ubyte.gz");
    const { network, losses } = await trainNetwork(
      {
        matrix: { values, inputs: 784 },
        labels: labels("mnist10k-train-labels-idx1-ubyte.gz"),
        classes: 10,
        layers: [128, 64],
        epochs: 10,
        seed: 1,
      },
      tensorFlow(),
    );
    expect(losses).toHaveLength(10);
    const test = images("t10k-images-idx3-ubyte.gz");
    const truth = labels("t10k-labels-idx1-ubyte.gz");
    const device = await openDevice("cpu");
    const columns = Array.from({ length: 784 }, (_, column) =>
      Float32Array.from({ length: truth.length }, (_, row) => test[row * 784 + column] ?? 0),
    );
    const probabilities = await predictNetwork(loadNetwork(device, network), uploadTable(device, columns));
    device.dispose();
    let right = 0;
    for (const [row, label] of truth.entries()) {
      const own = probabilities.subarray(row * 10, (row + 1) * 10);
      if (own.indexOf(Math.max(...own)) === label) right++;
    }
    expect(right / truth.length).toBeGreaterThanOrEqual(0.945);
  });
});
