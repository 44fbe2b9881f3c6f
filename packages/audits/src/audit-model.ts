import type { CodedTable } from "@assay/dataset";
import type { ReportModel } from "@assay/schema";
import type { ExplainerOptions, TreeExplainer } from "./tree-explainer.ts";

/** What a model says of rows. What it does not give is null. */
export interface ModelOutputs {
  /** float64[rows]: the score of the positive class. */
  readonly score: Float64Array | null;
  /** u8[rows]: 1 where the decision is positive. */
  readonly decision: Uint8Array | null;
  /** u32[rows]: places of the predicted classes among the model's classes. */
  readonly predicted: Uint32Array | null;
}

/** The plan's model as audits see it. */
export interface AuditModel {
  readonly about: ReportModel;
  /** Puts the model's inputs of some rows of a table where the model runs; `rows` are their indexes, null for all. */
  bind(table: CodedTable, rows: Uint32Array | null): Promise<BoundModel>;
  /** Of a model that is a tree ensemble. */
  explainTrees(options: ExplainerOptions): Promise<TreeExplainer>;
}

/** A model with the rows it is asked about. The caller frees it. */
export interface BoundModel {
  readonly rows: number;
  predict(): Promise<ModelOutputs>;
  /**
   * What the model says where some inputs (places among the model's inputs) are read from other rows: one answer for
   * each repeat, in order. `indexes` is u32[repeats × rows], each below `rows`.
   */
  predictPermuted(inputs: readonly number[], indexes: Uint32Array): AsyncIterable<ModelOutputs>;
  free(): void;
}
