import {
  type Boosting,
  type BoostLoss,
  type Device,
  type GrownTree,
  type LoadedBins,
  loadBins,
  log,
  PhiloxStream,
} from "@assay/compute";
import { AssayError } from "@assay/schema";
import { encodeColumns, encodingsOf, featureNames, type InputEncoding, type TextEncoding } from "../encoding.ts";
import { checkTable, type Labels, lookAt, type TrainingTable, targetsOf, throwIfAborted } from "../training-table.ts";
import { type BinnedColumns, binColumns } from "./bin-columns.ts";
import { drawSome, drawTraining } from "./draw-rows.ts";
import { FittedTrees } from "./fitted-trees.ts";
import { type BoostingOptions, type Settings, settingsOf } from "./options.ts";
import { lonelyLeaf, treesAsForest } from "./trees-as-forest.ts";

export interface PrepareBoostingOptions {
  /** Its processor is used: see `loadBins`. */
  readonly device: Device;
  /** How text columns become numbers; asked for where there are any. */
  readonly texts?: TextEncoding;
  /** Bins of a column without that of missing values, 2 to 255. Default 255. */
  readonly maxBins?: number;
}

/** Streams of the seed. */
const [heldOutStream, rowStream, columnStream] = [0, 1, 2];
/** Rows times columns after which the event loop gets its turn, where there is a signal: about 50 ms. */
const workPerTurn = 20_000_000;

/**
 * Encodes and bins a table and puts it on a device, to train boosted trees on it with any labels and weights: a fit then
 * costs its trees alone. To be freed.
 * @throws AssayError data-invalid for a table that does not fit together, texts without an encoding, an infinite value with
 *   its column and row; usage for maxBins
 */
export function prepareBoosting(table: TrainingTable, options: PrepareBoostingOptions): PreparedBoosting {
  return new PreparedBoosting(table, options);
}

/** Trains boosted trees once. @throws AssayError as `prepareBoosting` and `PreparedBoosting.fit` do */
export async function trainBoostedTrees(
  table: TrainingTable,
  { device, texts, maxBins, ...options }: BoostingOptions & PrepareBoostingOptions,
): Promise<FittedTrees> {
  const prepared = prepareBoosting(table, {
    device,
    ...(texts === undefined ? {} : { texts }),
    ...(maxBins === undefined ? {} : { maxBins }),
  });
  try {
    return await prepared.fit(options);
  } finally {
    prepared.free();
  }
}

/** A table ready to train on. */
export class PreparedBoosting {
  readonly rows: number;
  /** Names of the columns that trees ask for. */
  readonly features: readonly string[];
  readonly #table: TrainingTable;
  readonly #encodings: readonly InputEncoding[];
  readonly #binned: BinnedColumns;
  readonly #loaded: LoadedBins;

  constructor(table: TrainingTable, { device, texts, maxBins = 255 }: PrepareBoostingOptions) {
    if (!Number.isInteger(maxBins) || maxBins < 2 || maxBins > 255) {
      throw new AssayError("usage", `boosted trees: maxBins is ${maxBins}; it is an integer from 2 to 255`);
    }
    this.rows = checkTable(table);
    this.#table = table;
    this.#encodings = encodingsOf(table.names, table.columns, texts);
    this.features = featureNames(this.#encodings);
    this.#binned = binColumns(encodeColumns(this.#encodings, table.columns), this.features, maxBins);
    this.#loaded = loadBins(device, this.#binned.table);
  }

  /**
   * Trees by gradient boosting over histograms (Friedman, Annals of Statistics 2001; Ke et al., NeurIPS 2017): squared error
   * where labels are numbers, else log loss. Missing values go where the loss is lower, in a node where none were seen with
   * the larger side. The same bits for any number of threads; rows in another order give the same trees where nothing is
   * drawn and weights are whole numbers. Leaves are float32, as model files have them, and columns are compared as float32.
   * @throws AssayError data-invalid for labels and weights that do not fit, naming the row, and for a class without rows;
   *   usage for options out of range; cancelled
   */
  async fit(options: BoostingOptions = {}): Promise<FittedTrees> {
    const settings = settingsOf(options);
    const { labels, weights } = targetsOf(this.#table, this.rows, options);
    throwIfAborted(options.signal);
    const { classes } = this.#table;
    const loss: BoostLoss = classes === null ? "squared-error" : classes.length === 2 ? "log-loss" : "softmax";
    const base = baseOf(loss, labels, weights, classes?.length ?? 1);
    const boosting = this.#loaded.start({
      loss,
      outputs: base.length,
      labels: labels instanceof Float64Array ? labels : Float64Array.from(labels),
      weights,
      base,
    });
    try {
      const { trees, heldOutLoss } = await this.#grow(boosting, base.length, labels, settings, options);
      const scores = await boosting.scores();
      // ONNX Runtime takes log-odds for probabilities where no leaf is negative, and cuts them at 0.5.
      if (loss === "log-loss" && trees.every((tree) => tree.value.every((value) => value >= 0))) {
        const shift = 2 ** -20;
        base[0] = Math.fround((base[0] ?? 0) + shift);
        trees.push(lonelyLeaf(-shift, trees[0]?.cover[0] ?? 0));
      }
      return new FittedTrees({
        inputs: this.#encodings,
        classes,
        features: this.features,
        forest: treesAsForest(trees, this.#binned.cuts, base),
        iterations: Math.floor(trees.length / base.length),
        heldOutLoss,
        scores,
      });
    } finally {
      boosting.free();
    }
  }

  free(): void {
    this.#loaded.free();
  }

  async #grow(
    boosting: Boosting,
    outputs: number,
    labels: Labels,
    settings: Settings,
    { progress, signal }: BoostingOptions,
  ): Promise<{ readonly trees: GrownTree[]; readonly heldOutLoss: readonly number[] }> {
    const { rows } = this;
    const { seed, maxIterations, maxDepth, maxLeafNodes } = settings;
    const features = this.features.length;
    const tree = {
      maxDepth: maxDepth ?? Number.POSITIVE_INFINITY,
      maxLeafNodes: maxLeafNodes ?? 2 ** (maxDepth ?? 1),
      minSamplesLeaf: settings.minSamplesLeaf,
      // As scikit-learn's min_hessian_to_split.
      minHessian: 1e-3,
      l2Regularization: settings.l2Regularization,
      minGain: 0,
      learningRate: settings.learningRate,
    };
    const strata = this.#table.classes && labels;
    const training = settings.earlyStopping
      ? drawTraining(strata, rows, settings.validationFraction, new PhiloxStream(seed, heldOutStream))
      : Uint32Array.from({ length: rows }, (_, row) => row);
    const heldOutLoss: number[] = [];
    const measure = async () => {
      boosting.useRows(training);
      heldOutLoss.push(await boosting.heldOutLoss());
    };
    if (settings.earlyStopping) await measure();
    const rowDraws = new PhiloxStream(seed, rowStream);
    const columnDraws = new PhiloxStream(seed, columnStream);
    const all = Uint32Array.from({ length: features }, (_, feature) => feature);
    const turn = Math.max(1, Math.floor(workPerTurn / (rows * features * outputs)));
    const trees: GrownTree[] = [];
    for (let iteration = 0; iteration < maxIterations; iteration++) {
      throwIfAborted(signal);
      if (iteration % turn === 0) await lookAt(signal);
      await boosting.differentiate();
      for (let output = 0; output < outputs; output++) {
        if (settings.rowShare < 1) {
          const count = Math.max(1, Math.round(training.length * settings.rowShare));
          boosting.useRows(drawSome(training, count, rowDraws));
        }
        let allowed: Uint8Array | null = null;
        if (settings.columnShare < 1) {
          allowed = new Uint8Array(features);
          const count = Math.max(1, Math.round(features * settings.columnShare));
          for (const feature of drawSome(all, count, columnDraws)) allowed[feature] = 1;
        }
        trees.push(await boosting.grow(output, tree, allowed));
      }
      progress?.(iteration + 1, maxIterations);
      if (!settings.earlyStopping) continue;
      await measure();
      if (sinksNoMore(heldOutLoss, settings)) break;
    }
    return { trees, heldOutLoss };
  }
}

/** Leaves are float32, which reach to 3.4e38. */
const largestLabel = 1e37;

/** Whether none of the last losses is lower than the one before them by more than `tol`. */
function sinksNoMore(losses: readonly number[], { nIterNoChange, tol }: Settings): boolean {
  if (losses.length < nIterNoChange + 1) return false;
  const before = losses.at(-nIterNoChange - 1) ?? 0;
  return !losses.slice(-nIterNoChange).some((loss) => loss < before - tol);
}

/** What every row's scores begin with, as float32: the mean; the log-odds; the logarithms of the classes' shares, centred. */
function baseOf(loss: BoostLoss, labels: Labels, weights: Float64Array | null, classes: number): Float64Array {
  if (loss === "squared-error") {
    let [sum, weight] = [0, 0];
    for (let row = 0; row < labels.length; row++) {
      const own = weights?.[row] ?? 1;
      sum += own * (labels[row] ?? 0);
      weight += own;
    }
    const base = Math.fround(sum / weight);
    let size = 0;
    for (const label of labels) size = Math.max(size, Math.abs(label));
    if (!(Number.isFinite(base) && size <= largestLabel)) {
      throw new AssayError(
        "data-invalid",
        `boosted trees: a label is ${size} in size; scale labels to below ${largestLabel}`,
      );
    }
    return Float64Array.of(base);
  }
  const totals = new Float64Array(classes);
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row] ?? 0;
    totals[label] = (totals[label] ?? 0) + (weights?.[row] ?? 1);
  }
  const logs = totals.map(log);
  if (loss === "log-loss") return Float64Array.of(Math.fround((logs[1] ?? 0) - (logs[0] ?? 0)));
  const mean = logs.reduce((sum, value) => sum + value, 0) / classes;
  return logs.map((value) => Math.fround(value - mean));
}
