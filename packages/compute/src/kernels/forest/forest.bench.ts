import { ok } from "node:assert/strict";
import { InferenceSession, Tensor } from "onnxruntime-node";
import type { Bench } from "../../bench.ts";
import { uploadTable, uploadView } from "../../device-table.ts";
import { openDevice, probeDevices } from "../../open-device.ts";
import { PhiloxStream } from "../../random/philox-stream.ts";
import { forestAsOnnx } from "./as-onnx.ts";
import { loadForest, predictForest, predictPermuted, prepareForest } from "./index.ts";
import { grownForest } from "./random-forest.ts";

const million = { columns: 30, rows: 1_000_000, trees: 100, depth: 6 };
/** The sizes of scikit-learn's forest of the Adult data. */
const adult = { columns: 14, rows: 16_281, trees: 100, depth: 8 };
/** Trees grown until their leaves hold one or two of the rows. */
const huge = { columns: 14, rows: 16_281, trees: 100, depth: 60 };

/** GPUs that are ones: what the processor plays is no faster than the cpu device. */
const cards = (await probeDevices()).filter((probe) => probe.name !== "cpu" && probe.available && !probe.software);

export const benches: readonly Bench[] = [
  againstOnnx("forest: 1,000,000 rows × 30 columns, 100 trees of depth 6", million),
  againstOnnx("forest: 16,281 rows × 14 columns, 100 trees of depth 8", adult),
  againstOnnx("forest: 16,281 rows × 14 columns, 100 trees of full depth", huge),
  {
    name: "forest: 1,000,000 rows × 30 columns, 100 trees of depth 6, on two threads",
    async prepare() {
      const { forest, columns } = make(million);
      const [one, two] = [await openDevice("cpu"), await openDevice("cpu", { threads: 2 })];
      const [loaded, alone] = [loadForest(two, forest), loadForest(one, forest)];
      const [table, apart] = [uploadTable(two, columns), uploadTable(one, columns)];
      return {
        ours: () => predictForest(loaded, table),
        peer: { name: "this kernel on one thread", scale: 1, run: () => predictForest(alone, apart) },
        limit: null,
        agree: equal,
        notes: "",
      };
    },
  },
  ...cards.map((card) => ({
    name: `forest: 1,000,000 rows × 30 columns, 100 trees of depth 6 (${card.name}, ${card.available ? card.description : ""})`,
    async prepare() {
      const { forest, columns } = make(million);
      const [gpu, cpu] = [await openDevice(card.name), await openDevice("cpu")];
      const [loaded, alone] = [loadForest(gpu, forest), loadForest(cpu, forest)];
      const [table, apart] = [uploadTable(gpu, columns), uploadTable(cpu, columns)];
      return {
        ours: () => predictForest(loaded, table),
        peer: { name: "this kernel on the cpu, one thread", scale: 1, run: () => predictForest(alone, apart) },
        limit: null,
        agree: equal,
        notes: "the table is on the card, the sums are brought back",
      };
    },
  })),
  {
    name: "forest: 14 columns of 16,281 rows permuted 10 times each, 100 trees of depth 8",
    async prepare() {
      const { forest, columns, random } = make(adult);
      const device = await openDevice("cpu");
      const loaded = loadForest(device, forest);
      const table = uploadTable(device, columns);
      const { rows } = adult;
      const repeats = 10;
      const order = Uint32Array.from({ length: repeats * rows }, () => random.integer(rows));
      const indexes = device.allocate(order.byteLength);
      device.upload(indexes, order);
      const copied = columns.map((column) => column.slice());
      return {
        async ours() {
          const prepared = await prepareForest(loaded, table);
          const out: Float64Array[] = [];
          for (const column of columns.keys()) {
            out.push(await predictPermuted(prepared, { columns: [column], indexes, repeats }));
          }
          prepared.free();
          return joined(out);
        },
        peer: {
          name: "this kernel's predictForest for every column and repeat",
          scale: 1,
          async run() {
            const out: Float64Array[] = [];
            for (const column of columns.keys()) {
              for (let repeat = 0; repeat < repeats; repeat++) {
                const through = order.subarray(repeat * rows, (repeat + 1) * rows);
                const view = uploadView(
                  device,
                  rows,
                  columns.map((_, index) => (index === column ? through : null)),
                );
                out.push(await predictForest(loaded, table, { view }));
                view.free();
              }
            }
            return joined(out);
          },
        },
        limit: {
          name: "copying the table once for every repeat",
          run() {
            for (let repeat = 0; repeat < repeats * columns.length; repeat++) {
              for (const [index, column] of columns.entries()) copied[index]?.set(column);
            }
          },
        },
        agree: equal,
        notes: "one thread each",
      };
    },
  },
];

interface Sizes {
  readonly columns: number;
  readonly rows: number;
  readonly trees: number;
  readonly depth: number;
}

function againstOnnx(name: string, sizes: Sizes): Bench {
  return {
    name,
    async prepare() {
      const { forest, columns } = make(sizes);
      const { rows } = sizes;
      const device = await openDevice("cpu");
      const loaded = loadForest(device, forest);
      const table = uploadTable(device, columns);
      // Rows side by side, as ONNX Runtime wants them; laying them so is not counted.
      const width = columns.length;
      const wide = new Float32Array(rows * width);
      for (const [index, column] of columns.entries()) {
        for (let row = 0; row < rows; row++) wide[row * width + index] = column[row] ?? 0;
      }
      const options = { intraOpNumThreads: 1, interOpNumThreads: 1 };
      const session = await InferenceSession.create(forestAsOnnx(forest), options);
      const batch = 4096;
      const copied = columns.map((column) => column.slice());
      return {
        ours: () => predictForest(loaded, table),
        peer: {
          name: "onnxruntime-node, batches of 4,096 rows",
          scale: 1,
          async run() {
            const out = new Float32Array(rows);
            for (let first = 0; first < rows; first += batch) {
              const count = Math.min(batch, rows - first);
              const x = new Tensor("float32", wide.subarray(first * width, (first + count) * width), [count, width]);
              const { y } = await session.run({ x });
              out.set(y?.data as Float32Array, first);
            }
            return out;
          },
        },
        limit: {
          name: "copying the table once",
          run() {
            for (const [index, column] of columns.entries()) copied[index]?.set(column);
          },
        },
        agree(ours: unknown, peer: unknown) {
          const [a, b] = [ours as Float64Array, peer as Float32Array];
          ok(a.length === b.length && a.every((value, row) => Math.abs(value - (b[row] ?? Number.NaN)) < 2e-5));
        },
        notes: `one thread each; ${forest.column.length.toLocaleString("en")} nodes; the peer adds in float32`,
      };
    },
  };
}

function make({ columns: count, rows, trees, depth }: Sizes) {
  const random = new PhiloxStream(1, 0);
  const columns = Array.from({ length: count }, () => {
    const column = new Float32Array(rows);
    for (let row = 0; row < rows; row++) column[row] = random.uniform();
    return column;
  });
  const sample = columns.map((column) => column.subarray(0, 16_281));
  return { forest: grownForest(random, sample, { trees, depth }), columns, random };
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function equal(ours: unknown, peer: unknown): void {
  const [a, b] = [ours as Float64Array, peer as Float64Array];
  ok(a.length === b.length && a.every((value, at) => value === b[at]));
}
