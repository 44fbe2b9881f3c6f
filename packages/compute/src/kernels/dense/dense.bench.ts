import { ok } from "node:assert/strict";
import { InferenceSession, Tensor } from "onnxruntime-node";
import type { Bench } from "../../bench.ts";
import { type PermutedView, uploadTable } from "../../device-table.ts";
import type { Activation, Network } from "../../network.ts";
import { openDevice } from "../../open-device.ts";
import { PhiloxStream } from "../../random/philox-stream.ts";
import { networkAsOnnx } from "./as-onnx.ts";
import { loadNetwork, predictNetwork, predictShifted, prepareNetwork } from "./index.ts";

export const benches: readonly Bench[] = [
  {
    name: "dense: 1,000,000 rows through 30-64-64-1",
    async prepare() {
      const { device, network, columns, rows } = await make([30, 64, 64, 1], ["relu", "relu", "logistic"], 1_000_000);
      const loaded = loadNetwork(device, network);
      const table = uploadTable(device, columns);
      // ONNX Runtime is fastest in batches of this size, rows side by side; laying them so is not counted.
      const batch = 4096;
      const wide = new Float32Array(rows * 30);
      for (const [index, column] of columns.entries()) {
        for (let row = 0; row < rows; row++) wide[row * 30 + index] = column[row] ?? 0;
      }
      const session = await InferenceSession.create(networkAsOnnx(network), {
        intraOpNumThreads: 1,
        interOpNumThreads: 1,
      });
      return {
        ours: () => predictNetwork(loaded, table),
        peer: {
          name: "onnxruntime-node, batches of 4,096 rows",
          scale: 1,
          async run() {
            const out = new Float32Array(rows);
            for (let first = 0; first < rows; first += batch) {
              const count = Math.min(batch, rows - first);
              const x = new Tensor("float32", wide.subarray(first * 30, (first + count) * 30), [count, 30]);
              const { y } = await session.run({ x });
              out.set(y?.data as Float32Array, first);
            }
            return out;
          },
        },
        limit: null,
        agree,
        notes: "one thread each; 128-bit SIMD without fused multiply-add against AVX2 with it",
      };
    },
  },
  shiftBench([784, 128, 64, 10], 20_000),
  shiftBench([30, 64, 64, 1], 500_000),
];

function shiftBench(widths: readonly number[], rows: number): Bench {
  return {
    name: `dense: one column of ${rows.toLocaleString("en")} rows permuted, ${widths.join("-")}`,
    async prepare() {
      const { device, network, columns, random } = await make(widths, ["relu", "relu", "identity"], rows);
      const loaded = loadNetwork(device, network);
      const table = uploadTable(device, columns);
      const prepared = await prepareNetwork(loaded, table);
      const order = Uint32Array.from({ length: rows }, () => random.integer(rows));
      const buffer = device.allocate(order.byteLength);
      device.upload(buffer, order);
      const slotOf = new Int32Array(columns.length).fill(-1).fill(0, 3, 4);
      const view: PermutedView = { device, buffer, rows, slots: 1, slotOf, free: () => buffer.free() };
      return {
        ours: () => predictShifted(prepared, view),
        peer: { name: "this kernel's full forward pass", scale: 1, run: () => predictNetwork(loaded, table, { view }) },
        limit: null,
        agree,
        notes: "one thread each",
      };
    },
  };
}

async function make(widths: readonly number[], kinds: readonly Activation[], rows: number) {
  const random = new PhiloxStream(1, 0);
  const network: Network = kinds.map((activation, layer) => {
    const [inputs = 0, outputs = 0] = widths.slice(layer);
    const weights = Float32Array.from({ length: inputs * outputs }, () => (random.uniform() - 0.5) / Math.sqrt(inputs));
    return { inputs, outputs, weights, bias: new Float32Array(outputs), activation };
  });
  const columns = Array.from({ length: widths[0] ?? 0 }, () => {
    const column = new Float32Array(rows);
    for (let row = 0; row < rows; row++) column[row] = random.uniform();
    return column;
  });
  return { device: await openDevice("cpu"), network, columns, rows, random };
}

function agree(ours: unknown, peer: unknown): void {
  const [a, b] = [ours as Float32Array, peer as Float32Array];
  ok(a.length === b.length && a.every((value, index) => Math.abs(value - (b[index] ?? 0)) < 2e-6));
}
