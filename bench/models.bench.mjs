import { ok } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openDevice } from "@assay/compute";
import { openModel } from "@assay/models/node";
import ort from "onnxruntime-node";
import { noShared, shared } from "./adult.mjs";

const rows = 16_281;
const inputs = 14;
const file = join(shared, "reference/models/rf100_d8_adult.onnx");

/** Whole numbers as the coded columns have them, the same in every run. */
function makeColumns() {
  return Array.from({ length: inputs }, (_, column) =>
    Float32Array.from({ length: rows }, (_row, row) => (row * (column * 7 + 3) + ((row * row) % 101)) % 90),
  );
}

/** @type {readonly import("@assay/compute").Bench[]} */
export const benches = [
  {
    name: "models: open an ONNX forest of 100 trees of depth 8 and predict 16,281 rows",
    skip: noShared,
    async prepare() {
      const bytes = readFileSync(file);
      const columns = makeColumns();
      const device = await openDevice("cpu");
      const flat = new Float32Array(rows * inputs);
      for (const [column, values] of columns.entries()) {
        for (const [row, value] of values.entries()) flat[row * inputs + column] = value;
      }
      return {
        async ours() {
          const model = await openModel(bytes, { name: "forest.onnx" });
          const { outputs } = await model.predict(columns, { device });
          await model.dispose();
          return outputs[0].values;
        },
        peer: {
          name: "onnxruntime-node, a session on one thread",
          scale: 1,
          async run() {
            const session = await ort.InferenceSession.create(bytes, { intraOpNumThreads: 1, interOpNumThreads: 1 });
            const feeds = { [session.inputNames[0]]: new ort.Tensor("float32", flat, [rows, inputs]) };
            const output = (await session.run(feeds))[session.outputNames[0]].data;
            await session.release();
            return output;
          },
        },
        limit: null,
        agree: same,
        notes:
          "from the file's bytes to the answers; ours checks the trees, reads their covers and digests the file too",
      };
    },
  },
  {
    name: "models: open an ONNX forest of 100 trees of depth 8",
    skip: noShared,
    async prepare() {
      const bytes = readFileSync(file);
      return {
        async ours() {
          const model = await openModel(bytes, { name: "forest.onnx" });
          await model.dispose();
          return model.inputs.length;
        },
        peer: {
          name: "onnxruntime-node's InferenceSession.create",
          scale: 1,
          async run() {
            const session = await ort.InferenceSession.create(bytes, { intraOpNumThreads: 1, interOpNumThreads: 1 });
            await session.release();
            return inputs;
          },
        },
        limit: null,
        agree: (ours, theirs) => ok(ours === theirs),
        notes: `${(bytes.length / 2 ** 20).toFixed(1)} MiB of bytes in memory; ours checks and profiles the trees and digests the file too`,
      };
    },
  },
];

function same(ours, theirs) {
  ok(ours.length === theirs.length);
  for (let row = 0; row < ours.length; row++) ok(Math.abs(ours[row] - theirs[row]) < 5e-7, `row ${row}`);
}
