import { AssayError } from "@assay/schema";
import type { DeviceBuffer } from "../../device.ts";
import { checkTargets, checkTree } from "./check.ts";
import { type GrownTree, nodeBytes, readNodes } from "./grown-tree.ts";
import type { LoadedBins } from "./loaded-bins.ts";
import { type Units, unitsFor } from "./units.ts";

export const losses = ["squared-error", "log-loss", "softmax"] as const;
export type BoostLoss = (typeof losses)[number];

export interface BoostTargets {
  /** `log-loss` of two classes, `softmax` of several; `squared-error` is half of the square. */
  readonly loss: BoostLoss;
  /** The classes with `softmax`, else 1. */
  readonly outputs: number;
  /** float64[rows]: the number to predict; of two classes 0 or 1; of several their code. */
  readonly labels: Float64Array;
  /** float64[rows], finite and not negative; null where all are 1. */
  readonly weights: Float64Array | null;
  /** float64[outputs]: every row's scores at first. */
  readonly base: Float64Array;
}

export interface TreeOptions {
  /** Leaves of a tree at most, from 2. */
  readonly maxLeafNodes: number;
  /** Splits on the way to a leaf at most; Infinity where only the leaves count. */
  readonly maxDepth: number;
  /** Rows that each side of a split has at least, whatever they weigh. */
  readonly minSamplesLeaf: number;
  /** The sum of hessians that each side has at least. */
  readonly minHessian: number;
  readonly l2Regularization: number;
  /** A split gains more than this. */
  readonly minGain: number;
  /** Above 0, at most 1. */
  readonly learningRate: number;
}

/** Rows times columns of a histogram that is worth waking other threads: about 0.2 ms of one. */
const worthThreads = 200_000;
/** The state of a tree, u32[16]: see cpu.as.ts. */
const [waiting, start] = [1, 2];

/** One run: scores of all rows, to which `grow` adds a tree at a time. */
export class Boosting {
  readonly #loaded: LoadedBins;
  readonly #targets: BoostTargets;
  readonly #buffers: DeviceBuffer[] = [];
  readonly #labels: DeviceBuffer;
  readonly #weights: DeviceBuffer | null;
  readonly #largestWeight: number;
  readonly #scores: DeviceBuffer;
  readonly #pairs: DeviceBuffer;
  readonly #order: DeviceBuffer;
  readonly #spare: DeviceBuffer;
  readonly #allowed: DeviceBuffer;
  readonly #state: DeviceBuffer;
  #trees: { readonly leaves: number; readonly histograms: DeviceBuffer; readonly nodes: DeviceBuffer } | null = null;
  #sample: number;
  #whole: Uint32Array;
  #units: Units | null = null;

  constructor(loaded: LoadedBins, targets: BoostTargets) {
    const { rows, features } = loaded.table;
    checkTargets(targets, rows);
    this.#loaded = loaded;
    this.#targets = targets;
    this.#sample = rows;
    this.#whole = Uint32Array.from({ length: rows }, (_, row) => row);
    this.#largestWeight = targets.weights?.reduce((most, weight) => Math.max(most, weight), 0) ?? 1;
    const scores = new Float64Array(rows * targets.outputs);
    for (const [output, base] of targets.base.entries()) scores.fill(base, output * rows, (output + 1) * rows);
    try {
      this.#scores = this.#take(scores.byteLength, scores);
      this.#labels = this.#take(rows * 8, targets.labels);
      this.#weights = targets.weights && this.#take(rows * 8, targets.weights);
      this.#pairs = this.#take(rows * targets.outputs * 16);
      this.#order = this.#take(rows * 4);
      this.#spare = this.#take(rows * 4);
      this.#allowed = this.#take(features);
      this.#state = this.#take(64);
    } catch (error) {
      this.free();
      throw error;
    }
  }

  /** Grows the trees that follow on these rows alone; the others get scores too. Rows ascend and are not repeated. */
  useRows(rows: Uint32Array): void {
    const { rows: all } = this.#loaded.table;
    const taken = new Uint8Array(all);
    for (const row of rows) taken[row] = 1;
    const whole = new Uint32Array(all);
    whole.set(rows);
    let at = rows.length;
    for (let row = 0; row < all; row++) if (taken[row] === 0) whole[at++] = row;
    if (rows.length === 0 || at !== all) throw new AssayError("internal", "boost: rows are missing or repeated");
    this.#whole = whole;
    this.#sample = rows.length;
  }

  /** Gradients and hessians of all rows at their scores now; the trees of all outputs are grown on them. */
  async differentiate(): Promise<void> {
    const { loss, outputs } = this.#targets;
    const { device, table } = this.#loaded;
    let largest = this.#largestWeight;
    if (loss === "squared-error") {
      await device.dispatch("boostLargest", [this.#scores, this.#labels, this.#weights ?? 0, table.rows, this.#state]);
      [largest = 0] = await device.download(this.#state, new Float64Array(1));
    }
    const units = unitsFor(loss, table.rows, largest, this.#largestWeight);
    this.#units = units;
    const from = [losses.indexOf(loss), this.#scores, this.#labels, this.#weights ?? 0, outputs, table.rows] as const;
    const to = [1 / units.gradient, 1 / units.hessian, units.shift, this.#pairs] as const;
    await device.dispatch("boostGradients", [...from, ...to], table.rows);
  }

  /**
   * Grows one tree for an output and adds it to the scores.
   * @param allowed u8[columns], 1 where the tree may split on the column; null: on all
   */
  async grow(output: number, options: TreeOptions, allowed: Uint8Array | null = null): Promise<GrownTree> {
    checkTree(options);
    const units = this.#units;
    if (!units) throw new AssayError("internal", "boost: grow before differentiate");
    const { device, table, bins, offsets, missing, totalBins } = this.#loaded;
    const { rows, features } = table;
    const leaves = Math.min(options.maxLeafNodes, this.#sample);
    const { histograms, nodes } = this.#room(leaves);
    device.upload(this.#order, this.#whole);
    device.upload(this.#allowed, allowed ?? new Uint8Array(features).fill(1));
    device.upload(this.#state, Uint32Array.of(start));
    const grow = [
      ...[bins, features, offsets, missing, this.#allowed, totalBins, this.#pairs, output, rows],
      ...[this.#order, this.#spare, this.#sample, histograms, nodes, leaves],
      ...[Math.min(options.maxDepth, 4294967295), options.minSamplesLeaf, options.minHessian],
      ...[options.l2Regularization, options.minGain, options.learningRate],
      ...[units.gradient, units.hessian, units.shift, worthThreads, this.#scores, this.#weights ?? 0, this.#state],
    ];
    const fill = [
      ...[bins, features, offsets, totalBins, this.#pairs, output, rows, this.#order, histograms, this.#state],
    ];
    const state = new Uint32Array(2);
    for (;;) {
      await device.dispatch("boostGrow", grow);
      await device.download(this.#state, state);
      if (state[0] !== waiting) break;
      await device.dispatch("boostHistogram", fill, features);
    }
    const count = state[1] ?? 0;
    return readNodes(await device.download(nodes, new Uint8Array(count * nodeBytes)), count);
  }

  /** The mean loss, by weight, of the rows that trees are not grown on; NaN where these weigh nothing. */
  async heldOutLoss(): Promise<number> {
    const { loss, outputs } = this.#targets;
    const { device, table } = this.#loaded;
    device.upload(this.#order, this.#whole);
    const of = [losses.indexOf(loss), this.#scores, this.#labels, this.#weights ?? 0, outputs, table.rows] as const;
    await device.dispatch("boostLoss", [...of, this.#order, this.#sample, table.rows, this.#state]);
    const [sum = 0, weight = 0] = await device.download(this.#state, new Float64Array(2));
    return sum / weight;
  }

  /** float64[outputs × rows]: the scores, output after output. */
  scores(): Promise<Float64Array> {
    const { rows } = this.#loaded.table;
    return this.#loaded.device.download(this.#scores, new Float64Array(rows * this.#targets.outputs));
  }

  free(): void {
    this.#trees?.histograms.free();
    this.#trees?.nodes.free();
    this.#trees = null;
    for (const buffer of this.#buffers.splice(0)) buffer.free();
  }

  /** Room for a tree of so many leaves: a histogram for each but the last, and the nodes. */
  #room(leaves: number): { readonly histograms: DeviceBuffer; readonly nodes: DeviceBuffer } {
    if (this.#trees && this.#trees.leaves >= leaves) return this.#trees;
    this.#trees?.histograms.free();
    this.#trees?.nodes.free();
    this.#trees = null;
    const { device, totalBins } = this.#loaded;
    const histograms = device.allocate(leaves * totalBins * 16);
    try {
      const nodes = device.allocate((2 * leaves - 1) * nodeBytes);
      this.#trees = { leaves, histograms, nodes };
    } catch (error) {
      histograms.free();
      throw error;
    }
    return this.#trees;
  }

  #take(sizeBytes: number, data?: Float64Array): DeviceBuffer {
    const { device } = this.#loaded;
    const buffer = device.allocate(sizeBytes);
    this.#buffers.push(buffer);
    if (data) device.upload(buffer, data);
    return buffer;
  }
}
