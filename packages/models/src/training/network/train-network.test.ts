import { type Device, type Network, openDevice, PhiloxStream } from "@assay/compute";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openModel } from "../../node/index.ts";
import { tensorFlow } from "../../node/tensorflow.ts";
import { theirs } from "../../tensorflow/written-models.testing.ts";
import type { NetworkTraining } from "./options.ts";
import { trainNetwork } from "./train-network.ts";

let device: Device;
beforeAll(async () => {
  device = await openDevice("cpu");
});
afterAll(() => {
  expect(device.allocatedBytes).toBe(0);
  device.dispose();
});

/** Rings: class by distance from the middle. */
function rings(rows: number, classes: number): NetworkTraining {
  const random = new PhiloxStream(5, 0);
  const columns = [0, 1].map(() => Float64Array.from({ length: rows }, () => random.uniform() * 4 - 2));
  const labels = Uint8Array.from({ length: rows }, (_, row) =>
    Math.min(classes - 1, Math.floor(Math.hypot(columns[0]?.[row] ?? 0, columns[1]?.[row] ?? 0))),
  );
  return { columns, labels, classes, layers: [16], learningRate: 0.01, seed: 3 };
}

const train = (training: NetworkTraining) => trainNetwork(training, tensorFlow());

async function predictions(bytes: Uint8Array, name: string, columns: readonly Float64Array[]) {
  const model = await openModel(bytes, { name });
  expect(model.runtime).toBe("kernels");
  const [output] = (await model.predict(columns, { device })).outputs;
  if (output?.kind !== "probabilities") throw new Error("no probabilities");
  const inputs = model.inputs.map((input) => input.name);
  await model.dispose();
  return { values: output.values, classes: model.main.classes, inputs };
}

describe("training a network", () => {
  it.each([2, 3])("learns %i classes that no line parts, and writes files that say the same", async (classes) => {
    const training = rings(600, classes);
    const columns = training.columns as readonly Float64Array[];
    const trained = await train({ ...training, epochs: 60 });
    expect(trained.losses.at(-1)).toBeLessThan(0.35 * (trained.losses[0] ?? 0));
    const names = { classes: ["a", "b", "c"].slice(0, classes), inputs: ["east", "north"] };
    const json = await predictions(trained.toModelBytes("json", names), "model.json", columns);
    expect([json.classes, json.inputs]).toEqual([names.classes, names.inputs]);
    const onnx = await predictions(trained.toModelBytes("onnx", names), "model.onnx", columns);
    expect(onnx.inputs).toEqual(names.inputs);
    const plain = await predictions(trained.toModelBytes("onnx"), "model.onnx", columns);
    expect(plain.inputs).toEqual(["input[0]", "input[1]"]);
    const width = classes === 2 ? 1 : classes;
    let right = 0;
    for (let row = 0; row < 600; row++) {
      const own = json.values.subarray(row * width, (row + 1) * width);
      const said = width === 1 ? Number((own[0] ?? 0) >= 0.5) : own.indexOf(Math.max(...own));
      if (said === training.labels[row]) right++;
    }
    expect(right / 600).toBeGreaterThan(0.93);
    for (const [index, value] of json.values.entries()) {
      expect(Math.abs(value - (onnx.values[index] ?? Number.NaN))).toBeLessThan(1e-6);
      expect(plain.values[index]).toBe(onnx.values[index]);
    }
  });

  it("gives the same bits for a seed, others for another, and leaves nothing behind", async () => {
    const { core } = await theirs();
    const before = { ...core.memory(), backend: core.engine().backendName };
    const training = { ...rings(100, 3), epochs: 3 };
    const [one, same, other] = [await train(training), await train(training), await train({ ...training, seed: 4 })];
    expect(same.network).toEqual(one.network);
    expect(same.losses).toEqual(one.losses);
    expect(other.network).not.toEqual(one.network);
    const { columns = [], ...rest } = training;
    const values = Float32Array.from({ length: 200 }, (_, at) => columns[at % 2]?.[at >> 1] ?? 0);
    expect((await train({ ...rest, matrix: { values, inputs: 2 } })).network).toEqual(one.network);
    const after = core.memory();
    expect([after.numTensors, core.engine().backendName]).toEqual([before.numTensors, before.backend]);
  });

  it.each([
    ["relu", 3, undefined],
    ["tanh", 2, undefined],
    ["logistic", 3, [0.5, 2, 0, 1, 3]],
  ] as const)("takes Adam's steps, with %s and %i classes", async (activation, classes, counts) => {
    // One batch of all rows: their order does not matter. Steps of nothing leave the first weights.
    const base = { ...rings(40, classes), activation, layers: [5, 4], batch: 40 };
    const weights = counts ? Array.from({ length: 40 }, (_, row) => counts[row % 5] ?? 1) : undefined;
    const training = { ...base, ...(weights ? { weights } : {}) };
    const { network: first } = await train({ ...training, epochs: 1, learningRate: 1e-30 });
    const { network: last, losses } = await train({ ...training, epochs: 5, learningRate: 0.02 });
    const reference = adam(first, training, weights ?? new Array<number>(40).fill(1), 5, 0.02);
    for (const [epoch, loss] of losses.entries()) expect(loss).toBeCloseTo(reference.losses[epoch] ?? Number.NaN, 5);
    for (const [index, layer] of last.entries()) {
      const own = reference.layers[index];
      for (const [at, value] of layer.weights.entries()) expect(value).toBeCloseTo(own?.weights[at] ?? Number.NaN, 4);
      for (const [at, value] of layer.bias.entries()) expect(value).toBeCloseTo(own?.bias[at] ?? Number.NaN, 4);
    }
  });

  it("is told of epochs, and stops when it is cancelled", async () => {
    const stop = new AbortController();
    const told: number[] = [];
    const onEpoch = (epoch: number) => {
      told.push(epoch);
      if (epoch === 1) stop.abort();
    };
    await expect(train({ ...rings(100, 2), epochs: 50, onEpoch, signal: stop.signal })).rejects.toMatchObject({
      code: "cancelled",
      message: "the training was cancelled in epoch 3 of 50",
    });
    expect(told).toEqual([0, 1]);
  });

  it.each([
    [
      "a missing value",
      { columns: [Float64Array.of(1, Number.NaN), Float64Array.of(1, 1)] },
      /row 1 of column 0 is NaN/,
    ],
    ["a label that is no class", { labels: [0, 2] }, /row 1 has the label 2; labels are 0 to 1/],
    ["a negative weight", { weights: [1, -1] }, /row 1 has the weight -1/],
    ["no weight at all", { weights: [0, 0] }, /all weights are 0/],
    ["labels of other rows", { labels: [0] }, /1 labels for 2 rows/],
    ["no epoch", { epochs: 0 }, /epochs must be an integer from 1, got 0/],
    ["a layer of nothing", { layers: [0] }, /layers are units from 1 to 100,000, got 0/],
    [
      "inputs beyond all measure",
      { columns: [Float64Array.of(3e38, -3e38), Float64Array.of(3e38, 1)] },
      /standardise the inputs/,
    ],
  ])("refuses %s", async (_, change, message) => {
    const columns = [Float64Array.of(1, 2), Float64Array.of(3, 4)];
    await expect(train({ columns, labels: [0, 1], classes: 2, layers: [3], ...change })).rejects.toThrow(message);
  });
});

interface PlainLayer {
  weights: number[];
  bias: number[];
}

/** Adam on cross-entropy in float64, loop by loop, as Kingma and Ba (2015, Algorithm 1) write it. */
function adam(first: Network, training: NetworkTraining, counts: readonly number[], epochs: number, rate: number) {
  const layers: PlainLayer[] = first.map(({ weights, bias }) => ({ weights: [...weights], bias: [...bias] }));
  const zero = () => layers.map(({ weights, bias }) => ({ weights: weights.map(() => 0), bias: bias.map(() => 0) }));
  const [means, squares] = [zero(), zero()];
  const total = counts.reduce((sum, one) => sum + one, 0);
  const losses: number[] = [];
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const gradients = zero();
    let loss = 0;
    for (const [row, count] of counts.entries()) {
      const values = [(training.columns ?? []).map((column) => Math.fround(column[row] ?? 0))];
      for (const [index, { inputs, outputs, activation }] of first.entries()) {
        const from = values[index] ?? [];
        const { weights = [], bias = [] } = layers[index] ?? {};
        const sums = Array.from({ length: outputs }, (_, to) => {
          let sum = bias[to] ?? 0;
          for (let of = 0; of < inputs; of++) sum += (from[of] ?? 0) * (weights[of * outputs + to] ?? 0);
          return sum;
        });
        const logistic = (z: number) => 1 / (1 + Math.exp(-z));
        const exps = sums.map((z) => Math.exp(z));
        const all = exps.reduce((sum, one) => sum + one, 0);
        values.push(
          sums.map((z, at) =>
            activation === "relu"
              ? Math.max(0, z)
              : activation === "tanh"
                ? Math.tanh(z)
                : activation === "logistic"
                  ? logistic(z)
                  : (exps[at] ?? 0) / all,
          ),
        );
      }
      const label = training.labels[row] ?? 0;
      const scores = values.at(-1) ?? [];
      const truth = scores.map((_, at) => (scores.length === 1 ? label : Number(at === label)));
      const p = scores.length === 1 ? (label === 1 ? (scores[0] ?? 0) : 1 - (scores[0] ?? 0)) : (scores[label] ?? 0);
      loss -= (count * Math.log(p)) / total;
      let delta = scores.map((score, at) => ((score - (truth[at] ?? 0)) * count) / total);
      for (let index = first.length - 1; index >= 0; index--) {
        const { inputs = 0, outputs = 0 } = first[index] ?? {};
        const from = values[index] ?? [];
        const before = first[index - 1]?.activation;
        const own = gradients[index] ?? { weights: [], bias: [] };
        const weights = layers[index]?.weights ?? [];
        const back = from.map((value, of) => {
          let sum = 0;
          for (let to = 0; to < outputs; to++) sum += (delta[to] ?? 0) * (weights[of * outputs + to] ?? 0);
          return (
            sum * (before === "relu" ? Number(value > 0) : before === "tanh" ? 1 - value ** 2 : value * (1 - value))
          );
        });
        for (let to = 0; to < outputs; to++) {
          own.bias[to] = (own.bias[to] ?? 0) + (delta[to] ?? 0);
          for (let of = 0; of < inputs; of++) {
            own.weights[of * outputs + to] = (own.weights[of * outputs + to] ?? 0) + (delta[to] ?? 0) * (from[of] ?? 0);
          }
        }
        delta = back;
      }
    }
    losses.push(loss);
    for (const [index, layer] of layers.entries()) {
      for (const part of ["weights", "bias"] as const) {
        const [mean, square] = [means[index]?.[part] ?? [], squares[index]?.[part] ?? []];
        for (const [at, gradient] of (gradients[index]?.[part] ?? []).entries()) {
          mean[at] = 0.9 * (mean[at] ?? 0) + 0.1 * gradient;
          square[at] = 0.999 * (square[at] ?? 0) + 0.001 * gradient ** 2;
          const [m, v] = [(mean[at] ?? 0) / (1 - 0.9 ** epoch), (square[at] ?? 0) / (1 - 0.999 ** epoch)];
          layer[part][at] = (layer[part][at] ?? 0) - (rate * m) / (Math.sqrt(v) + 1e-8);
        }
      }
    }
  }
  return { layers, losses };
}
