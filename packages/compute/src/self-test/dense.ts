import { uploadTable } from "../device-table.ts";
import { type LoadedNetwork, loadNetwork, predictNetwork } from "../kernels/dense/index.ts";
import { predictReference } from "../kernels/dense/reference.ts";
import type { Activation, DenseLayer } from "../network.ts";
import { PhiloxStream } from "../random/philox-stream.ts";
import type { Trial } from "./trial.ts";

/** Rows of data; more of them are these again. */
const distinct = 1024;

/** A network of 64-256-256-1 over rows. Floor: see `predictNetwork`; bound by arithmetic. */
export const dense = {
  name: "dense",
  unit: "multiply-accumulates",
  least: 256,
  most: 131_072,
  async prepare(device, amount) {
    const random = new PhiloxStream(13, 0);
    const layer = (inputs: number, outputs: number, activation: Activation): DenseLayer => {
      const draw = () => (random.uniform() - 0.5) * (4 / Math.sqrt(inputs));
      const weights = Float32Array.from({ length: inputs * outputs }, draw);
      return { inputs, outputs, weights, bias: Float32Array.from({ length: outputs }, draw), activation };
    };
    const layers = [layer(64, 256, "relu"), layer(256, 256, "relu"), layer(256, 1, "logistic")];
    const columns = Array.from({ length: 64 }, () => {
      const values = Float32Array.from({ length: distinct }, () => random.uniform() * 2 - 1);
      return Float32Array.from({ length: amount }, (_, row) => values[row % distinct] ?? 0);
    });
    const sample = Array.from({ length: 64 }, (_, index) => Math.floor((index * amount) / 64));
    const expected = predictReference(
      layers,
      columns.map((column) => Float32Array.from(sample, (row) => column[row] ?? 0)),
    );
    const table = uploadTable(device, columns);
    let network: LoadedNetwork;
    try {
      network = loadNetwork(device, layers);
    } catch (error) {
      table.free();
      throw error;
    }
    let predictions: Float32Array = new Float32Array(0);
    return {
      units: amount * layers.reduce((sum, { inputs, outputs }) => sum + inputs * outputs, 0),
      async run() {
        predictions = await predictNetwork(network, table);
      },
      async check() {
        for (const [index, row] of sample.entries()) {
          const [found = Number.NaN, wanted = 0, bound = 0] = [
            predictions[row],
            expected.values[index],
            expected.bounds[index],
          ];
          if (!(Math.abs(found - wanted) <= bound)) return `row ${row} is ${found}, not ${wanted} ± ${bound}`;
        }
        return null;
      },
      free() {
        table.free();
        network.free();
      },
    };
  },
} as const satisfies Trial;
