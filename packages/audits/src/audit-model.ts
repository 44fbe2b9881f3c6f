import type { Device } from "@assay/compute";
import type { CodedTable } from "@assay/dataset";
import type { ModelProfile, ModelRuntime } from "@assay/models";
import type { LocalizedText, ReportModel } from "@assay/schema";
import type { ScoreGradients } from "./score-gradients.ts";
import type { ExplainerOptions, TreeExplainer } from "./tree-explainer.ts";

/** What a model says of rows. What it does not give is null. */
export interface ModelOutputs {
  /** float64[rows]: the score of the positive class. */
  readonly score: Float64Array | null;
  /** u8[rows]: 1 where the decision is positive. */
  readonly decision: Uint8Array | null;
  /** u32[rows]: places of the predicted classes among the model's classes. */
  readonly predicted: Uint32Array | null;
  /** float64[rows × classes], row-major, where the model gives the probability of each of several classes. */
  readonly probabilities?: Float64Array;
  /** Every label that was said, where the model says labels and does not tell its classes. */
  readonly labels?: readonly string[];
}

/** The plan's model as audits see it. */
export interface AuditModel {
  readonly about: ReportModel;
  /** What one row costs, as the file tells it; null where nothing tells what is inside. */
  readonly profile: ModelProfile | null;
  readonly runtime: ModelRuntime;
  /** Why it does not run on our kernels, where it does not. */
  readonly runtimeReason: string | null;
  /** Puts the model's inputs of some rows of a table where the model runs; `rows` are their indexes, null for all. */
  bind(table: CodedTable, rows: Uint32Array | null): Promise<BoundModel>;
  /**
   * Readies calls about some rows as a service has them: every call begins with the inputs as columns and ends with the
   * answers on the host. Weights lie on the device beforehand.
   * @throws AssayError not-supported for another device than the run's, where the model runs in no kernel of ours
   */
  serve(table: CodedTable, rows: Uint32Array, device: Device): ModelService;
  /** What a reader of the report must know of the rows asked so far: texts that were cut, files that were read. */
  notes(): readonly LocalizedText[];
  /**
   * Of a model that is differentiable.
   * @throws AssayError not-supported of another
   */
  gradients(): ScoreGradients;
  /** Of a model that is a tree ensemble. */
  explainTrees(options: ExplainerOptions): Promise<TreeExplainer>;
}

/** Calls of a model about always the same rows. The caller frees it. */
export interface ModelService {
  call(): Promise<void>;
  free(): void;
}

/** A model with the rows it is asked about. The caller frees it. */
export interface BoundModel {
  readonly rows: number;
  /** @param onRows told of the rows answered so far, where the model answers them bit by bit */
  predict(onRows?: (rows: number) => void): Promise<ModelOutputs>;
  /**
   * What the model says where some inputs (places among the model's inputs) are read from other rows: one answer for
   * each repeat, in order. `indexes` is u32[repeats × rows], each below `rows`.
   */
  predictPermuted(inputs: readonly number[], indexes: Uint32Array): AsyncIterable<ModelOutputs>;
  free(): void;
}
