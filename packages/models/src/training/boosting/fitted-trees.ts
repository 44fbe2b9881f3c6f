import { exp, type Forest, loadForest, predictForest, uploadTable } from "@assay/compute";
import type { Column } from "../../columns.ts";
import type { PredictOptions } from "../../model.ts";
import { softmax } from "../../onnx/post-transform.ts";
import { writeTreeEnsemble } from "../../onnx/write/tree-ensemble.ts";
import { encodeColumns, type InputEncoding } from "../encoding.ts";
import { bothClasses, type FittedModel, rowMajor } from "../fitted-model.ts";
import { throwIfAborted } from "../training-table.ts";

export interface TreesFit {
  readonly inputs: readonly InputEncoding[];
  readonly classes: readonly string[] | null;
  /** Names of the forest's columns. */
  readonly features: readonly string[];
  readonly forest: Forest;
  /** Iterations done: as many as asked for, or fewer where the held-out loss rose. */
  readonly iterations: number;
  /** The mean loss of held-out rows before the first tree and after each iteration; empty without early stopping. */
  readonly heldOutLoss: readonly number[];
  /** float64[outputs × rows]: sums of the forest for the rows of the table. */
  readonly scores: Float64Array;
}

/** Enough to keep a device busy; what they take in memory stays small. */
const batchRows = 65_536;

/** Gradient-boosted trees: numbers, or log-odds of the second of two classes, or scores of classes. */
export class FittedTrees implements FittedModel {
  readonly inputs: readonly InputEncoding[];
  readonly classes: readonly string[] | null;
  readonly features: readonly string[];
  /** Over `features`; nodes have the training weight that came to them as covers. */
  readonly forest: Forest;
  readonly iterations: number;
  readonly heldOutLoss: readonly number[];
  readonly training: Float64Array;

  constructor(fit: TreesFit) {
    this.inputs = fit.inputs;
    this.classes = fit.classes;
    this.features = fit.features;
    this.forest = fit.forest;
    this.iterations = fit.iterations;
    this.heldOutLoss = fit.heldOutLoss;
    this.training = this.#linked(rowMajor(fit.scores, fit.forest.outputs));
  }

  async predict(columns: readonly Column[], { device, signal }: PredictOptions): Promise<Float64Array> {
    const features = encodeColumns(this.inputs, columns);
    const rows = features[0]?.length ?? 0;
    const sums = new Float64Array(rows * this.forest.outputs);
    const loaded = loadForest(device, this.forest);
    try {
      for (let begin = 0; begin < rows; begin += batchRows) {
        throwIfAborted(signal);
        const end = Math.min(rows, begin + batchRows);
        const part = features.map((column) => Float32Array.from(column.subarray(begin, end)));
        const table = uploadTable(device, part);
        try {
          sums.set(await predictForest(loaded, table), begin * this.forest.outputs);
        } finally {
          table.free();
        }
      }
    } finally {
      loaded.free();
    }
    return this.#linked(sums);
  }

  toModelBytes(_format: "onnx"): Uint8Array<ArrayBuffer> {
    return writeTreeEnsemble(this);
  }

  /** What is told of the forest's sums, row-major. */
  #linked(sums: Float64Array): Float64Array {
    if (this.classes === null) return sums;
    const { outputs } = this.forest;
    if (outputs === 1) return bothClasses(sums.map(sigmoid));
    const rows = sums.length / outputs;
    const columns = Array.from({ length: outputs }, (_, output) =>
      Float64Array.from({ length: rows }, (_, row) => sums[row * outputs + output] ?? 0),
    );
    const made = new Float64Array(sums.length);
    for (const [output, column] of softmax(columns, rows).entries()) {
      for (let row = 0; row < rows; row++) made[row * outputs + output] = column[row] ?? 0;
    }
    return made;
  }
}

function sigmoid(score: number): number {
  const e = exp(-Math.abs(score));
  return (score < 0 ? e : 1) / (1 + e);
}
