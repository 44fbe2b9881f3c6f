import type { Device, Forest, Network } from "@assay/compute";
import type { Digest, LocalizedText, ModelRuntime } from "@assay/schema";
import type { Column, NumberColumn } from "./columns.ts";
import type { ModelProfile } from "./profile.ts";

export const modelFormats = ["json", "onnx", "tensorflow", "transformers"] as const;
export type ModelFormat = (typeof modelFormats)[number];

export type { ModelRuntime };

/** One column that a model takes. A tensor of many columns is as many inputs, `X[0]`, `X[1]`, … */
export interface ModelInput {
  readonly name: string;
  /** number: NaN where missing. category: texts. */
  readonly kind: "category" | "number";
  /** The tensor that the column goes into, and its place there. */
  readonly tensor: string;
  readonly place: number;
  /** Holds whole numbers: a missing value or a fraction is refused. */
  readonly whole: boolean;
}

/**
 * What a model gives. `probabilities`: in [0, 1], a column for each class, or one of the second of two classes. `score`:
 * higher is more. `label`: the class itself. `value`: a prediction of a number.
 */
export interface ModelOutput {
  readonly name: string;
  readonly kind: "label" | "probabilities" | "score" | "value";
  /** Names of the classes, in the order of the columns; null where the file does not tell. */
  readonly classes: readonly string[] | null;
  /** Columns a row has; null where only running tells. */
  readonly width: number | null;
}

/** An output's values of n rows. Labels are codes of texts; all else numbers, row-major. */
export type OutputValues =
  | { readonly name: string; readonly kind: "label"; readonly codes: Uint32Array; readonly levels: readonly string[] }
  | {
      readonly name: string;
      readonly kind: "probabilities" | "score" | "value";
      readonly width: number;
      /** float64[rows × width]. */
      readonly values: Float64Array;
    };

export interface Prediction {
  readonly rows: number;
  /** In the order of `Model.outputs`. */
  readonly outputs: readonly OutputValues[];
}

export interface PredictOptions {
  /** Where kernels run. ONNX Runtime runs on the processor whatever this is. */
  readonly device: Device;
  readonly signal?: AbortSignal;
  /** Told of the rows answered so far, where a model answers them bit by bit: endpoints do. */
  readonly onRows?: (rows: number) => void;
  /** Answers each row by itself, also one that equals another: what a service is asked. Default false. */
  readonly eachRow?: boolean;
  /** Where a row that is given stands in the caller's table, for messages; without it, where it is given. */
  readonly rowAt?: (row: number) => number;
}

/** shift + Σ weight × sum `of`: an affine function of a forest's sums. */
export interface SumOf {
  readonly terms: readonly { readonly of: number; readonly weight: number }[];
  readonly shift: number;
}

/**
 * What a column of a model's main output is of the sums of its trees, s = `sums[place]` the one it comes from: `identity`: s;
 * `logistic`: σ(s) = 1 / (1 + exp(−s)); `softmax`: exp(s) / Σ exp(sums); `logistic-share`: σ(s) / Σ σ(sums), as one against
 * the rest is normalised.
 */
export interface ColumnLink {
  readonly link: "identity" | "logistic" | "logistic-share" | "softmax";
  readonly sums: readonly SumOf[];
  readonly place: number;
}

/**
 * The forest that a model is, with what lies before and after it: output = `apply`(sums of the forest over `encode`(inputs)).
 */
export interface ModelForest {
  readonly forest: Forest;
  /** For each column of the forest the input it is made of alone, or −1. */
  readonly sources: Int32Array;
  /** From the model's inputs to the forest's columns. */
  encode(columns: readonly Column[]): readonly Float32Array[];
  /** From the forest's sums, a column for each of its outputs, to the columns of the main output. */
  apply(sums: readonly NumberColumn[]): readonly NumberColumn[];
  /** What each column of the main output is of the sums; null where one is nothing that can be told so. */
  readonly links: readonly ColumnLink[] | null;
}

/** The network that a model is: main output = `apply`(the network over `encode`(inputs)). */
export interface ModelNetwork {
  readonly network: Network;
  readonly sources: Int32Array;
  encode(columns: readonly Column[]): readonly Float32Array[];
  apply(outputs: readonly NumberColumn[]): readonly NumberColumn[];
}

export interface GradientOptions extends PredictOptions {
  /** The column of the main output that is differentiated. */
  readonly output: number;
}

/** A file that a model is read from; beside the model's own, its path from there. */
export interface ModelFile {
  readonly name: string;
  readonly sizeBytes: number;
  readonly digest: Digest;
}

/** An opened model. Not to be used after `dispose`, which also lets go what it put on devices: dispose it before them. */
export interface Model {
  readonly format: ModelFormat | "endpoint";
  /** The file's base name; an endpoint's host and path. */
  readonly file: string;
  /** SHA-256 of the file's bytes; of an endpoint, over its settings without headers. */
  readonly digest: Digest;
  readonly sizeBytes: number;
  /** Files beside it that hold its weights. */
  readonly externalFiles: readonly ModelFile[];
  /** Who made the file, as it says itself: `skl2onnx`. */
  readonly producer: string | null;
  /** In the order in which columns are given. */
  readonly inputs: readonly ModelInput[];
  readonly outputs: readonly ModelOutput[];
  /** The output that audits take: probabilities, else a score, else a value, else a label. */
  readonly main: ModelOutput;
  /** The label output, where there is one. */
  readonly label: ModelOutput | null;
  readonly runtime: ModelRuntime;
  /** Why it does not run on our kernels, where it does not. */
  readonly runtimeReason: string | null;
  /** Learned numbers: elements of weight tensors; of trees thresholds and leaf values. */
  readonly parameters: number;
  /** What one row costs, layer by layer, as the file tells it; null where nothing tells what is inside. */
  readonly profile: ModelProfile | null;
  readonly forest: ModelForest | null;
  readonly network: ModelNetwork | null;
  /**
   * Predicts rows: a column for each input, all of the same length. Runs in batches; looks at the signal between them.
   * @throws AssayError data-invalid for columns that do not fit the inputs, naming input and row; cancelled;
   *   model-invalid or not-supported where the runtime refuses the model
   */
  predict(columns: readonly Column[], options: PredictOptions): Promise<Prediction>;
  /**
   * Gradients of one column of the main output by the inputs, row by row: float64[rows × inputs], in units of output per
   * unit of input. Null where the runtime gives none, or an input is no number.
   * @throws AssayError as `predict` does
   */
  readonly gradient: ((columns: readonly Column[], options: GradientOptions) => Promise<Float64Array>) | null;
  /** What a reader of a report must know of the rows predicted so far: texts that were cut, files that were read. */
  notes(): readonly LocalizedText[];
  dispose(): Promise<void>;
}
