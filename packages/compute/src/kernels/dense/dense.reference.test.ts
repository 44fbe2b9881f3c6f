import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { uploadTable } from "../../device-table.ts";
import type { Network } from "../../network.ts";
import { missingModels, referenceNetwork } from "../../reference-models.testing.ts";
import { testDevices } from "../../test-devices.testing.ts";
import { networkAsOnnx } from "./as-onnx.ts";
import { loadNetwork, predictNetwork } from "./index.ts";
import { predictReference } from "./reference.ts";

const shared = fileURLToPath(new URL("../../../../../../shared/", import.meta.url));
const json = (path: string) => JSON.parse(readFileSync(`${shared}reference/${path}`, "utf8"));

/** The rows that b2_explain.json calls synth: murmur3's finaliser of 1, 2, 3, … / 2^32, row after row. */
function synthColumns(rows: number, columns: number): Float32Array[] {
  const out = Array.from({ length: columns }, () => new Float32Array(rows));
  for (let row = 0; row < rows; row++) {
    for (const [index, column] of out.entries()) {
      let h = row * columns + index + 1;
      h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
      h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
      column[row] = ((h ^ (h >>> 16)) >>> 0) / 2 ** 32;
    }
  }
  return out;
}

/** The breast cancer test rows, as they are and standardised as the network was trained. */
function cancerColumns(): { raw: Float32Array[]; standardised: Float32Array[] } {
  const rows: number[][] = json("b2_explain.json").mlp_bc_rows.Xtest_raw;
  const model = gunzipSync(readFileSync(`${shared}reference/models/mlp_breast_cancer.json.gz`)).toString("utf8");
  const { scaler }: { scaler: { mean: number[]; scale: number[] } } = JSON.parse(model);
  const column = (index: number, mean: number, scale: number) =>
    Float32Array.from(rows, (row) => ((row[index] ?? 0) - mean) / scale);
  return {
    raw: scaler.mean.map((_, index) => column(index, 0, 1)),
    standardised: scaler.mean.map((mean, index) => column(index, mean, scaler.scale[index] ?? 1)),
  };
}

/** MNIST's test images: 784 columns from 0 to 1, and their labels. */
function digits(rows: number): { columns: Float32Array[]; labels: Uint8Array } {
  const images = gunzipSync(readFileSync(`${shared}data/t10k-images-idx3-ubyte.gz`)).subarray(16);
  const labels = gunzipSync(readFileSync(`${shared}data/t10k-labels-idx1-ubyte.gz`)).subarray(8, 8 + rows);
  const columns = Array.from({ length: 784 }, (_, pixel) =>
    Float32Array.from({ length: rows }, (_, row) => (images[row * 784 + pixel] ?? 0) / 255),
  );
  return { columns, labels };
}

async function onnx(model: Uint8Array, columns: readonly Float32Array[]): Promise<Float32Array> {
  const rows = columns[0]?.length ?? 0;
  const session = await InferenceSession.create(model, { intraOpNumThreads: 1, interOpNumThreads: 1 });
  const wide = Float32Array.from(
    { length: rows * columns.length },
    (_, at) => columns[at % columns.length]?.[Math.floor(at / columns.length)] ?? 0,
  );
  const [name = ""] = session.inputNames;
  const outputs = await session.run({ [name]: new Tensor("float32", wide, [rows, columns.length]) });
  return outputs[session.outputNames[0] ?? ""]?.data as Float32Array;
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let largest = a.length === b.length ? 0 : Number.POSITIVE_INFINITY;
  for (let index = 0; index < a.length; index++) {
    largest = Math.max(largest, Math.abs((a[index] ?? 0) - (b[index] ?? 0)));
  }
  return largest;
}

const why = missingModels ? ` (skipped: ${missingModels})` : "";

for (const { label, missing, slow, open } of testDevices) {
  describe.skipIf(missing !== null || missingModels !== null)(`the reference networks on ${label}${why}`, () => {
    async function predict(network: Network, columns: readonly Float32Array[]): Promise<Float32Array> {
      const device = await open();
      const loaded = loadNetwork(device, network);
      const table = uploadTable(device, columns);
      const predictions = await predictNetwork(loaded, table);
      table.free();
      loaded.free();
      expect(device.allocatedBytes).toBe(0);
      device.dispose();
      return predictions;
    }

    it("gives scikit-learn's probabilities on breast cancer, and ONNX Runtime's", async () => {
      const { raw, standardised } = cancerColumns();
      const { p1_test: expected, ytest, acc } = json("b2_explain.json").mlp_bc_rows;
      const predictions = await predict(referenceNetwork("mlp_breast_cancer"), standardised);
      expect(largestDifference(predictions, expected)).toBeLessThan(5e-7);
      const right = predictions.filter((p, row) => (p > 0.5 ? 1 : 0) === ytest[row]).length;
      expect(right / predictions.length).toBe(acc);
      const model = readFileSync(`${shared}reference/models/mlp_breast_cancer.onnx`);
      // The file's first layer holds the scaler, which costs it digits on values of a thousand.
      expect(largestDifference(predictions, await onnx(model, raw))).toBeLessThan(2e-5);
      const same = await onnx(networkAsOnnx(referenceNetwork("mlp_breast_cancer")), standardised);
      expect(largestDifference(predictions, same)).toBeLessThan(5e-7);
    });

    it("gives scikit-learn's probabilities on 100,000 generated rows, and ONNX Runtime's", async () => {
      const { x0, xlast, p1_first20: expected } = json("b2_explain.json").synth_check;
      const rows = slow ? 500 : 100_000;
      const columns = synthColumns(rows, 50);
      const row = (index: number) => columns.map((column) => column[index] ?? Number.NaN);
      expect(largestDifference(row(0).slice(0, 5), x0)).toBeLessThan(2 ** -24);
      if (!slow) expect(largestDifference(row(rows - 1).slice(-5), xlast)).toBeLessThan(2 ** -24);
      const predictions = await predict(referenceNetwork("mlp_synth50"), columns);
      expect(largestDifference(predictions.subarray(0, 20), expected)).toBeLessThan(5e-7);
      const part = columns.map((column) => column.subarray(0, 500));
      const model = readFileSync(`${shared}reference/models/mlp_synth50.onnx`);
      expect(largestDifference(predictions.subarray(0, 500), await onnx(model, part))).toBeLessThan(1e-6);
    });

    it("reads MNIST's test digits as well as scikit-learn, and as ONNX Runtime does", async () => {
      const { columns, labels } = digits(slow ? 100 : 10_000);
      const network = referenceNetwork("mlp_mnist");
      const predictions = await predict(network, columns);
      const right = labels.filter((label, row) => {
        const outputs = predictions.subarray(10 * row, 10 * row + 10);
        return outputs.indexOf(Math.max(...outputs)) === label;
      });
      if (!slow) expect(right.length / labels.length).toBe(json("b5_b6_mlp.json").sklearn.test_acc[0]);
      const part = columns.map((column) => column.subarray(0, 50));
      expect(largestDifference(predictions.subarray(0, 500), await onnx(networkAsOnnx(network), part))).toBeLessThan(
        1e-6,
      );
      const reference = predictReference(network, part);
      expect(largestDifference(predictions.subarray(0, 500), reference.values)).toBeLessThan(1e-6);
    });
  });
}

describe("a network as an ONNX model", () => {
  it("gives ONNX Runtime every activation", async () => {
    const network = (["tanh", "relu", "identity", "logistic", "softmax"] as const).map((activation, layer) => ({
      inputs: 3,
      outputs: 3,
      weights: Float32Array.from({ length: 9 }, (_, index) => Math.sin(9 * layer + index)),
      bias: Float32Array.of(0.1, -0.2, 0.3),
      activation,
    }));
    const columns = [0, 1, 2].map((column) =>
      Float32Array.from({ length: 40 }, (_, row) => Math.cos(row * 3 + column)),
    );
    const { values } = predictReference(network, columns);
    expect(largestDifference(await onnx(networkAsOnnx(network), columns), values)).toBeLessThan(1e-6);
  });
});
