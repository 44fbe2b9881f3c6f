import { uploadTable } from "../device-table.ts";
import { type LoadedForest, loadForest, predictForest } from "../kernels/forest/index.ts";
import { randomForest } from "../kernels/forest/random-forest.ts";
import { predictForestReference } from "../kernels/forest/reference.ts";
import { PhiloxStream } from "../random/philox-stream.ts";
import type { Trial } from "./trial.ts";

const inputs = 20;
const trees = 100;
/** Rows of data; more of them are these again. */
const distinct = 1024;

/** An ensemble of 100 trees of depth 6 over rows. Bound by reading nodes and values in no order. */
export const forest = {
  name: "forest",
  unit: "rows",
  least: 256,
  most: 524_288,
  async prepare(device, amount) {
    const random = new PhiloxStream(14, 0);
    const model = randomForest(random, { inputs, trees, depth: 6 });
    const columns = Array.from({ length: inputs }, () => {
      const values = Float32Array.from({ length: distinct }, () => random.uniform());
      return Float32Array.from({ length: amount }, (_, row) => values[row % distinct] ?? 0);
    });
    const sample = Array.from({ length: 64 }, (_, index) => Math.floor((index * amount) / 64));
    const chosen = columns.map((column) => Float32Array.from(sample, (row) => column[row] ?? 0));
    const expected = predictForestReference(model, chosen, sample.length);
    // Base and leaves lie between −1 and 1: what the reference's own additions may have lost.
    const tolerance = (2 * trees + 1) ** 2 * 2 ** -53;
    const table = uploadTable(device, columns);
    let loaded: LoadedForest;
    try {
      loaded = loadForest(device, model);
    } catch (error) {
      table.free();
      throw error;
    }
    let sums: Float64Array = new Float64Array(0);
    return {
      units: amount,
      async run() {
        sums = await predictForest(loaded, table);
      },
      async check() {
        for (const [index, row] of sample.entries()) {
          const [found = Number.NaN, wanted = 0] = [sums[row], expected[index]];
          if (!(Math.abs(found - wanted) <= tolerance)) return `row ${row} is ${found}, not ${wanted}`;
        }
        return null;
      },
      free() {
        table.free();
        loaded.free();
      },
    };
  },
} as const satisfies Trial;
