import { type DenseLayer, type Network, PhiloxStream } from "@assay/compute";
import { AssayError } from "@assay/schema";
import { type Core, type LoadTensorFlow, onBackend } from "../../tensorflow/runtime.ts";
import { scoped } from "../../tensorflow/session.ts";
import { type CheckedTraining, checkTraining, type NetworkTraining } from "./options.ts";
import { type LearnedLayer, learned, trainStep } from "./step.ts";
import { networkJson, networkOnnx } from "./write-network.ts";

export interface TrainedNetwork {
  /** Ends in a softmax; with two classes in one output, the logistic probability of the second. */
  readonly network: Network;
  readonly classes: number;
  /** Mean loss of each epoch: cross-entropy in nats, weighted. */
  readonly losses: readonly number[];
  /** What trained it: `TensorFlow.js 4.22.0 on WebAssembly (…)`. */
  readonly about: string;
  /** A model file. Names of classes and inputs are optional; classes are `0`, `1`, … without. */
  toModelBytes(format: "json" | "onnx", names?: NetworkNames): Uint8Array<ArrayBuffer>;
}

export interface NetworkNames {
  readonly classes?: readonly string[];
  readonly inputs?: readonly string[];
}

/** Streams of random numbers of its own: first weights by layer, and orders of rows by epoch. */
const weightStream = 0x6e_0000;
const orderStream = 0x6f_0000;
/** Steps between two looks at the signal. */
const stepsAtOnce = 64;

/**
 * Trains a multilayer perceptron by Adam (Kingma and Ba 2015) on cross-entropy, in TensorFlow.js. First weights are those of
 * He et al. (2015) for relu, else of Glorot and Bengio (2010), uniform, drawn by Philox from the seed; so is the order of
 * rows. Inputs should be of a size near 1: standardise them first.
 * @throws AssayError data-invalid naming the row; usage; cancelled; not-supported where TensorFlow.js does not run
 */
export async function trainNetwork(training: NetworkTraining, tensorflow: LoadTensorFlow): Promise<TrainedNetwork> {
  const checked = checkTraining(training);
  const { core, backend, about } = await tensorflow("cpu");
  const losses: number[] = [];
  // Orders of rows are shuffles of shuffles: each epoch goes on from the one before.
  const order = Uint32Array.from({ length: checked.rows }, (_, row) => row);
  const network = await onBackend(core, backend, () =>
    scoped(core, async () => {
      const layers = firstLayers(core, checked);
      try {
        for (let epoch = 0; epoch < checked.epochs; epoch++) {
          shuffle(order, new PhiloxStream(checked.seed, orderStream + epoch));
          const loss = await trainEpoch(core, training, checked, layers, order, epoch);
          losses.push(loss);
          training.onEpoch?.(epoch, loss);
          if (!Number.isFinite(loss)) {
            throw new AssayError(
              "data-invalid",
              `training: the loss of epoch ${epoch} is ${loss}; standardise the inputs, or lower learningRate (${checked.learningRate})`,
            );
          }
        }
        return await readNetwork(layers, checked);
      } finally {
        for (const { weights, bias } of layers) {
          for (const one of [weights, bias]) core.dispose([one.value, one.mean, one.square]);
        }
      }
    }),
  );
  const { classes } = training;
  return {
    network,
    classes,
    losses,
    about,
    toModelBytes: (format, names = {}) =>
      format === "json" ? networkJson(network, classes, names) : networkOnnx(network, classes, names),
  };
}

async function trainEpoch(
  core: Core,
  { labels, weights, signal }: NetworkTraining,
  checked: CheckedTraining,
  layers: readonly LearnedLayer[],
  order: Uint32Array,
  epoch: number,
): Promise<number> {
  const { rows, inputs, outputs, batch } = checked;
  const steps = Math.ceil(rows / batch);
  const x = new Float32Array(batch * inputs);
  const targets = new Float32Array(batch * outputs);
  const own = new Float32Array(batch);
  let sum = core.keep(core.scalar(0));
  let total = 0;
  for (let step = 0; step < steps; step++) {
    if (step % stepsAtOnce === 0) {
      await core.nextFrame();
      if (signal?.aborted) {
        sum.dispose();
        throw new AssayError("cancelled", `the training was cancelled in epoch ${epoch + 1} of ${checked.epochs}`);
      }
    }
    const start = step * batch;
    const size = Math.min(batch, rows - start);
    targets.fill(0);
    let weight = 0;
    for (let place = 0; place < size; place++) {
      const row = order[start + place] ?? 0;
      checked.copyRow(row, x, place * inputs);
      const times = weights ? (weights[row] ?? 0) : 1;
      own[place] = times;
      weight += times;
      const label = labels[row] ?? 0;
      if (outputs === 1) targets[place] = label === 1 ? times : 0;
      else targets[place * outputs + label] = times;
    }
    total += weight;
    // Rows that count nothing teach nothing.
    if (weight === 0) continue;
    const next = core.tidy(() => {
      const loss = trainStep(
        core,
        checked,
        layers,
        {
          x: core.tensor2d(x.subarray(0, size * inputs), [size, inputs]),
          targets: core.tensor2d(targets.subarray(0, size * outputs), [size, outputs]),
          weights: core.tensor2d(own.subarray(0, size), [size, 1]),
          total: weight,
        },
        epoch * steps + step + 1,
      );
      return core.keep(core.add(sum, loss)) as typeof sum;
    });
    sum.dispose();
    sum = next;
  }
  const [loss = Number.NaN] = await sum.data();
  sum.dispose();
  return loss / total;
}

function firstLayers(core: Core, { widths, activation, seed }: CheckedTraining): readonly LearnedLayer[] {
  return widths.slice(1).map((outputs, index) => {
    const inputs = widths[index] ?? 1;
    const isHidden = index < widths.length - 2;
    const limit = Math.sqrt(6 / (isHidden && activation === "relu" ? inputs : inputs + outputs));
    const random = new PhiloxStream(seed, weightStream + index);
    const values = Float32Array.from({ length: inputs * outputs }, () => (2 * random.uniform() - 1) * limit);
    const layer = {
      weights: learned(core, values, inputs, outputs),
      bias: learned(core, new Float32Array(outputs), 1, outputs),
    };
    for (const one of [layer.weights, layer.bias]) for (const tensor of Object.values(one)) core.keep(tensor);
    return layer;
  });
}

async function readNetwork(
  layers: readonly LearnedLayer[],
  { widths, activation, outputs: ends }: CheckedTraining,
): Promise<Network> {
  return Promise.all(
    layers.map(async ({ weights, bias }, index): Promise<DenseLayer> => {
      const isLast = index === layers.length - 1;
      return {
        inputs: widths[index] ?? 0,
        outputs: widths[index + 1] ?? 0,
        weights: Float32Array.from(await weights.value.data<"float32">()),
        bias: Float32Array.from(await bias.value.data<"float32">()),
        activation: !isLast ? activation : ends === 1 ? "logistic" : "softmax",
      };
    }),
  );
}

/** Fisher and Yates's shuffle. */
function shuffle(order: Uint32Array, random: PhiloxStream): void {
  for (let last = order.length - 1; last > 0; last--) {
    const other = random.integer(last + 1);
    const kept = order[last] ?? 0;
    order[last] = order[other] ?? 0;
    order[other] = kept;
  }
}
