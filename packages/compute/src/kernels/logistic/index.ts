import { AssayError } from "@assay/schema";
import type { Device, DeviceBuffer } from "../../device.ts";

export interface LogisticTargets {
  /** 2 or more. */
  readonly classes: number;
  /** Each row's class, below `classes`. */
  readonly labels: Uint8Array | Uint32Array;
  /** float64[rows], finite and not negative; null where all are 1. */
  readonly weights: Float64Array | null;
}

/** What a pass gives; outputs are 1 for two classes (of the second), else one for each class. */
export interface LogisticPass {
  /** Σ weight · −log p(label); NaN where it was not asked for. */
  readonly loss: number;
  /** float64[outputs × (columns + 1)]: by the coefficients of each output, its intercept last. */
  readonly gradient: Float64Array;
}

const tileRows = 64;
/** Rows of a chunk at least, and chunks at most: what they sum is added up on the host. */
const leastTiles = 16;
const mostChunks = 256;
const mostSumBytes = 67_108_864;

/**
 * Puts columns on a device, to fit logistic regressions on with any labels and weights: losses, gradients and Hessians at
 * given coefficients, in float64.
 *
 * Runs on `device.host` whatever device is given: WebGPU has no float64, and what a card would save on tables that are
 * small beside its memory it loses on the way there and back. Rows are summed in chunks that depend on the table alone, so
 * that any number of threads gives the same bits.
 * Floor: a pass is 4 operations for each row, column and output; a Hessian block 2 for each row and pair of columns.
 * @param columns float64[rows] each, all finite
 * @throws AssayError data-invalid for no rows, lengths that differ, a value that is missing or infinite;
 *   device-out-of-memory
 */
export function loadLogistic(device: Device, columns: readonly Float64Array[]): LoadedLogistic {
  return new LoadedLogistic(device, columns);
}

/** The columns of `loadLogistic`. One fit at a time: `use` says of what. */
export class LoadedLogistic {
  readonly rows: number;
  readonly columns: number;
  readonly #device: Device;
  /** Columns on the device: those given, one of ones, and one of zeros where that makes them even. */
  readonly #width: number;
  readonly #tiles: number;
  readonly #tilesPerChunk: number;
  readonly #chunks: number;
  readonly #table: DeviceBuffer;
  readonly #buffers: DeviceBuffer[] = [];
  #fit: Fit | null = null;

  constructor({ host }: Device, columns: readonly Float64Array[]) {
    this.#device = host;
    this.rows = checkColumns(columns);
    this.columns = columns.length;
    this.#width = 2 * Math.ceil((columns.length + 1) / 2);
    this.#tiles = Math.ceil(this.rows / tileRows);
    const most = Math.max(1, Math.min(mostChunks, Math.floor(mostSumBytes / (this.#width ** 2 * 8))));
    this.#tilesPerChunk = Math.max(leastTiles, Math.ceil(this.#tiles / most));
    this.#chunks = Math.ceil(this.#tiles / this.#tilesPerChunk);
    this.#table = this.#take(this.#tiles * this.#width * tileRows * 8);
    this.#device.upload(this.#table, this.#laid(columns));
  }

  /** What is fitted from now on. */
  use({ classes, labels, weights }: LogisticTargets): void {
    checkTargets(this.rows, classes, labels, weights);
    const outputs = classes === 2 ? 1 : classes;
    const padded = this.#tiles * tileRows;
    const fit = this.#fit?.outputs === outputs ? this.#fit : this.#room(outputs);
    this.#fit = fit;
    const values = new Float64Array(padded);
    values.set(labels);
    this.#device.upload(fit.labels, values);
    values.fill(0);
    if (weights) values.set(weights);
    else values.fill(1, 0, this.rows);
    this.#device.upload(fit.weights, values);
  }

  /**
   * Loss and gradient at coefficients float64[outputs × (columns + 1)], each output's intercept last; what `hessian` and
   * `probabilities` are of. A pass without the loss takes half the time.
   */
  async pass(coefficients: Float64Array, loss: "loss" | "no-loss" = "loss"): Promise<LogisticPass> {
    const { outputs, labels, weights, coefficients: buffer, probabilities, residuals, sums } = this.#current();
    const [width, own] = [this.#width, this.columns + 1];
    if (coefficients.length !== outputs * own) {
      throw new AssayError("internal", `logistic: ${coefficients.length} coefficients for ${outputs} × ${own}`);
    }
    const wide = new Float64Array(outputs * width);
    for (let output = 0; output < outputs; output++) {
      wide.set(coefficients.subarray(output * own, (output + 1) * own), output * width);
    }
    this.#device.upload(buffer, wide);
    const table = [this.#table, this.#tiles, width, outputs] as const;
    const wanted = loss === "loss" ? 1 : 0;
    const fit = [buffer, labels, weights, wanted, this.#tilesPerChunk, probabilities, residuals, sums] as const;
    await this.#device.dispatch("logisticPass", [...table, ...fit], this.#chunks);
    const whole = await this.#summed(sums, 1 + outputs * width);
    const gradient = new Float64Array(outputs * own);
    for (let output = 0; output < outputs; output++) {
      const from = 1 + output * width;
      gradient.set(whole.subarray(from, from + own), output * own);
    }
    return { loss: wanted === 1 ? (whole[0] ?? 0) : Number.NaN, gradient };
  }

  /** The Hessian of the loss where `pass` was last: float64[n × n], n = outputs × (columns + 1), symmetric. */
  async hessian(): Promise<Float64Array> {
    const fit = this.#current();
    const { outputs, weights, probabilities } = fit;
    const [width, own] = [this.#width, this.columns + 1];
    fit.weighted ??= this.#take(this.#chunks * width * tileRows * 8);
    fit.products ??= this.#take(this.#chunks * width * width * 8);
    const size = outputs * own;
    const whole = new Float64Array(size * size);
    for (let one = 0; one < outputs; one++) {
      for (let other = one; other < outputs; other++) {
        const table = [this.#table, this.#tiles, width, probabilities, weights, one, other] as const;
        const to = [this.#tilesPerChunk, fit.weighted, fit.products] as const;
        await this.#device.dispatch("logisticHessian", [...table, ...to], this.#chunks);
        const block = await this.#summed(fit.products, width * width);
        for (let i = 0; i < own; i++) {
          for (let j = i; j < own; j++) {
            const value = block[i * width + j] ?? 0;
            // A block is symmetric, and so is the whole.
            whole[(one * own + i) * size + other * own + j] = value;
            whole[(one * own + j) * size + other * own + i] = value;
            whole[(other * own + i) * size + one * own + j] = value;
            whole[(other * own + j) * size + one * own + i] = value;
          }
        }
      }
    }
    return whole;
  }

  /** float64[outputs × rows] where `pass` was last, output after output: of the second of two classes, or of each. */
  async probabilities(): Promise<Float64Array> {
    const { outputs, probabilities } = this.#current();
    const padded = this.#tiles * tileRows;
    const all = await this.#device.download(probabilities, new Float64Array(outputs * padded));
    const own = new Float64Array(outputs * this.rows);
    for (let output = 0; output < outputs; output++) {
      own.set(all.subarray(output * padded, output * padded + this.rows), output * this.rows);
    }
    return own;
  }

  free(): void {
    this.#fit = null;
    for (const buffer of this.#buffers.splice(0)) buffer.free();
  }

  #current(): Fit {
    if (!this.#fit) throw new AssayError("internal", "logistic: a pass before use, or after free");
    return this.#fit;
  }

  /** Buffers for a number of outputs. */
  #room(outputs: number): Fit {
    const padded = this.#tiles * tileRows;
    return {
      outputs,
      labels: this.#take(padded * 8),
      weights: this.#take(padded * 8),
      coefficients: this.#take(outputs * this.#width * 8),
      probabilities: this.#take(outputs * padded * 8),
      residuals: this.#take(this.#chunks * outputs * tileRows * 8),
      sums: this.#take(this.#chunks * (1 + outputs * this.#width) * 8),
      weighted: this.#fit?.weighted ?? null,
      products: this.#fit?.products ?? null,
    };
  }

  /** The sums of the chunks, in their order. */
  async #summed(sums: DeviceBuffer, length: number): Promise<Float64Array> {
    const all = await this.#device.download(sums, new Float64Array(this.#chunks * length));
    const whole = new Float64Array(length);
    for (let from = 0; from < all.length; from += length) {
      for (let at = 0; at < length; at++) whole[at] = (whole[at] ?? 0) + (all[from + at] ?? 0);
    }
    return whole;
  }

  #laid(columns: readonly Float64Array[]): Float64Array {
    const laid = new Float64Array(this.#tiles * this.#width * tileRows);
    const ones = new Float64Array(this.rows).fill(1);
    for (const [index, column] of [...columns, ones].entries()) {
      for (let tile = 0; tile < this.#tiles; tile++) {
        const rows = column.subarray(tile * tileRows, (tile + 1) * tileRows);
        laid.set(rows, (tile * this.#width + index) * tileRows);
      }
    }
    return laid;
  }

  #take(sizeBytes: number): DeviceBuffer {
    const buffer = this.#device.allocate(sizeBytes);
    this.#buffers.push(buffer);
    return buffer;
  }
}

interface Fit {
  readonly outputs: number;
  readonly labels: DeviceBuffer;
  readonly weights: DeviceBuffer;
  readonly coefficients: DeviceBuffer;
  readonly probabilities: DeviceBuffer;
  readonly residuals: DeviceBuffer;
  readonly sums: DeviceBuffer;
  weighted: DeviceBuffer | null;
  products: DeviceBuffer | null;
}

function checkColumns(columns: readonly Float64Array[]): number {
  const rows = columns[0]?.length ?? 0;
  if (rows === 0) throw new AssayError("data-invalid", "logistic: no rows or no columns");
  for (const [index, column] of columns.entries()) {
    if (column.length !== rows) {
      throw new AssayError("data-invalid", `logistic: column ${index} has ${column.length} rows, column 0 has ${rows}`);
    }
    const odd = column.findIndex((value) => !Number.isFinite(value));
    if (odd !== -1) {
      throw new AssayError(
        "data-invalid",
        `logistic: column ${index}, row ${odd} is ${column[odd]}; fill it or leave it out`,
      );
    }
  }
  return rows;
}

function checkTargets(
  rows: number,
  classes: number,
  labels: Uint8Array | Uint32Array,
  weights: Float64Array | null,
): void {
  const fail = (message: string) => new AssayError("data-invalid", `logistic: ${message}`);
  if (!Number.isInteger(classes) || classes < 2) throw fail(`${classes} classes; there must be two at least`);
  if (labels.length !== rows) throw fail(`${labels.length} labels for ${rows} rows`);
  if (weights && weights.length !== rows) throw fail(`${weights.length} weights for ${rows} rows`);
  const odd = labels.findIndex((label) => label >= classes);
  if (odd !== -1) throw fail(`row ${odd} has the class ${labels[odd]}, there are ${classes}`);
  const bad = weights?.findIndex((weight) => !(weight >= 0 && weight < Number.POSITIVE_INFINITY)) ?? -1;
  if (bad !== -1) throw fail(`row ${bad} has the weight ${weights?.[bad]}; weights are finite and not negative`);
}
