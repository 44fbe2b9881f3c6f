import type { Scalar, Tensor2D } from "@tensorflow/tfjs-core";
import type { Core } from "../../tensorflow/runtime.ts";
import type { CheckedTraining } from "./options.ts";

type Matrix = Tensor2D;

/** A learned tensor with its running means of gradients and of their squares (Adam). */
interface Learned {
  value: Matrix;
  mean: Matrix;
  square: Matrix;
}

export interface LearnedLayer {
  readonly weights: Learned;
  /** One row. */
  readonly bias: Learned;
}

/** Adam's decay rates and its small number, as Kingma and Ba (2015) give them. */
const decay = 0.9;
const squareDecay = 0.999;
const small = 1e-8;

export function learned(core: Core, values: Float32Array, rows: number, columns: number): Learned {
  return {
    value: core.tensor2d(values, [rows, columns]),
    mean: core.zeros([rows, columns]) as Matrix,
    square: core.zeros([rows, columns]) as Matrix,
  };
}

/**
 * One step: forward, back, and Adam, of a batch. `targets` are each row's class as zeros and a one, times its weight. Gives
 * the weighted sum of the rows' losses. Products with a transposed matrix are written as a transposition and a product: on
 * WebAssembly the product that transposes by itself takes ten times as long.
 */
export function trainStep(
  core: Core,
  { activation, outputs, learningRate }: CheckedTraining,
  layers: readonly LearnedLayer[],
  batch: { readonly x: Matrix; readonly targets: Matrix; readonly weights: Matrix; readonly total: number },
  count: number,
): Scalar {
  const given: Matrix[] = [batch.x];
  let sums = batch.x;
  for (const [index, { weights, bias }] of layers.entries()) {
    sums = core.add(core.matMul(given[index] ?? batch.x, weights.value), bias.value);
    if (index < layers.length - 1) given.push(activated(core, activation, sums));
  }
  const { loss, scores } = outputs === 1 ? logistic(core, sums, batch) : softmax(core, sums, batch);
  let delta = core.mul(core.sub(core.mul(scores, batch.weights), batch.targets), 1 / batch.total) as Matrix;
  // Steps grow by what the running means lack in the beginning.
  const rate = (learningRate * Math.sqrt(1 - squareDecay ** count)) / (1 - decay ** count);
  const floor = small * Math.sqrt(1 - squareDecay ** count);
  for (let index = layers.length - 1; index >= 0; index--) {
    const layer = layers[index];
    const value = given[index];
    if (!layer || !value) continue;
    const gradient = core.matMul(core.transpose(value), delta) as Matrix;
    const shift = core.sum(delta, 0, true) as Matrix;
    if (index > 0) {
      const back = core.matMul(delta, core.transpose(layer.weights.value));
      delta = core.mul(back, slope(core, activation, value));
    }
    update(core, layer.weights, gradient, rate, floor);
    update(core, layer.bias, shift, rate, floor);
  }
  return loss;
}

type Batch = Parameters<typeof trainStep>[3];

function softmax(core: Core, sums: Matrix, { targets }: Batch): { loss: Scalar; scores: Matrix } {
  const logs = core.logSoftmax(sums) as Matrix;
  return { loss: core.neg(core.sum(core.mul(targets, logs))) as Scalar, scores: core.exp(logs) };
}

/** Of two classes with one sum z: loss = log(1 + exp(z)) − y·z, without overflow. */
function logistic(core: Core, sums: Matrix, { targets, weights }: Batch): { loss: Scalar; scores: Matrix } {
  const soft = core.add(core.relu(sums), core.log1p(core.exp(core.neg(core.abs(sums)))));
  const losses = core.sub(core.mul(soft, weights), core.mul(targets, sums));
  return { loss: core.sum(losses) as Scalar, scores: core.sigmoid(sums) };
}

function activated(core: Core, activation: CheckedTraining["activation"], sums: Matrix): Matrix {
  switch (activation) {
    case "logistic":
      return core.sigmoid(sums);
    case "relu":
      return core.relu(sums);
    case "tanh":
      return core.tanh(sums);
  }
}

function slope(core: Core, activation: CheckedTraining["activation"], value: Matrix): Matrix {
  switch (activation) {
    case "logistic":
      return core.mul(value, core.sub(1, value));
    case "relu":
      return core.step(value);
    case "tanh":
      return core.sub(1, core.square(value));
  }
}

function update(core: Core, learned: Learned, gradient: Matrix, rate: number, floor: number): void {
  const mean = core.add(core.mul(learned.mean, decay), core.mul(gradient, 1 - decay)) as Matrix;
  const square = core.add(core.mul(learned.square, squareDecay), core.mul(core.square(gradient), 1 - squareDecay));
  const move = core.div(core.mul(mean, rate), core.add(core.sqrt(square), floor));
  replace(core, learned, core.sub(learned.value, move), mean, square as Matrix);
}

function replace(core: Core, learned: Learned, value: Matrix, mean: Matrix, square: Matrix): void {
  core.dispose([learned.value, learned.mean, learned.square]);
  learned.value = core.keep(value);
  learned.mean = core.keep(mean);
  learned.square = core.keep(square);
}
