import { ok } from "node:assert/strict";
import type { Bench } from "../../bench.ts";
import { openDevice } from "../../open-device.ts";
import { PhiloxStream } from "../../random/philox-stream.ts";
import { type GrownTree, loadBins } from "./index.ts";

const rows = 1_000_000;
const features = 10;
const bins = 64;

export const benches: readonly Bench[] = [
  {
    name: "boost: the first split of a tree over 1,000,000 rows, 10 columns",
    async prepare() {
      const random = new PhiloxStream(1, 0);
      const table = {
        rows,
        features,
        counts: new Uint32Array(features).fill(bins),
        missing: new Uint8Array(features),
        bins: Uint8Array.from({ length: rows * features }, () => random.integer(bins)),
      };
      const labels = Float64Array.from({ length: rows }, (_, row) =>
        Number((table.bins[row * features] ?? 0) + (table.bins[row * features + 1] ?? 0) > 50 + random.integer(30)),
      );
      const device = await openDevice("cpu");
      const run = loadBins(device, table).start({
        ...{ loss: "log-loss", outputs: 1, labels, weights: null, base: Float64Array.of(0) },
      });
      await run.differentiate();
      const options = {
        ...{ maxLeafNodes: 2, maxDepth: Number.POSITIVE_INFINITY, minSamplesLeaf: 20, minHessian: 1e-3 },
        ...{ l2Regularization: 0, minGain: 0, learningRate: 0.1 },
      };
      return {
        ours: () => run.grow(0, options),
        peer: { name: "a JS loop that makes the histograms", scale: 1, run: () => plain(table.bins, labels) },
        limit: { name: "copying the bins once", run: () => table.bins.slice() },
        agree(ours: unknown, peer: unknown) {
          ok((ours as GrownTree).feature.length === 3);
          ok((peer as Float64Array).length === features * bins * 3);
        },
        notes: "one thread each; ours also finds the split, parts the rows and adds the leaves to their scores",
      };
    },
  },
];

/** Gradients, hessians and counts in the bins of all columns. */
function plain(table: Uint8Array, labels: Float64Array): Float64Array {
  const out = new Float64Array(features * bins * 3);
  for (let row = 0; row < rows; row++) {
    const gradient = 0.5 - (labels[row] ?? 0);
    for (let feature = 0; feature < features; feature++) {
      const at = 3 * (feature * bins + (table[row * features + feature] ?? 0));
      out[at] = (out[at] ?? 0) + gradient;
      out[at + 1] = (out[at + 1] ?? 0) + 0.25;
      out[at + 2] = (out[at + 2] ?? 0) + 1;
    }
  }
  return out;
}
