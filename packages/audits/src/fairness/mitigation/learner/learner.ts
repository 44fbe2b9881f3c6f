import { type FittedLogistic, type PreparedLogistic, prepareLogistic } from "@assay/models";
import { AssayError } from "@assay/schema";
import type { AuditContext } from "../../../define.ts";
import type { Rows } from "../rows.ts";
import type { MitigationInput } from "../settings.ts";
import { type Features, pick } from "./features.ts";

/** The learner of all methods that change what is learned from: a logistic regression on the rows learned from. */
export interface Learner {
  readonly features: Features;
  /** u32: the rows learned from. */
  readonly trainRows: Uint32Array;
  /** u8[train rows]: 1 for a positive label. */
  readonly labels: Uint8Array;
  /** float64[train rows]: the plan's weights, 1 without any. */
  readonly weights: Float64Array;
  readonly prepared: PreparedLogistic;
}

/** How texts become numbers; standardised, so that one penalty is fair to all. */
export function prepareLearner(
  rows: Rows,
  features: Features,
  { input, device }: AuditContext<MitigationInput>,
): Learner {
  if (rows.table.counts !== null) {
    throw new AssayError(
      "not-supported",
      `mitigation: ${input.method} learns from single rows, and data.counts gives tables of them; use method: threshold, or give the rows`,
    );
  }
  const trainRows = Uint32Array.from(rows.train.keys()).filter((row) => (rows.train[row] ?? 0) > 0);
  const labels = Uint8Array.from(trainRows, (row) => (rows.label[row] ?? 1) - 1);
  const weights = Float64Array.from(trainRows, (row) => rows.weights?.[row] ?? 1);
  const prepared = prepareLogistic(
    {
      columns: features.columns.map((column) => pick(column, trainRows)),
      names: features.names,
      labels,
      classes: ["0", "1"],
      weights,
    },
    { device: device.host, texts: input.encoding, standardize: true },
  );
  return { features, trainRows, labels, weights, prepared };
}

/** Positive decisions of a fitted model about all rows: where its probability is at least one half. */
export async function decisionsOf(
  model: FittedLogistic,
  { columns }: Features,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const probabilities = await model.predict(columns, { signal });
  const decided = new Uint8Array(probabilities.length / 2);
  for (let row = 0; row < decided.length; row++) decided[row] = (probabilities[2 * row + 1] ?? 0) >= 0.5 ? 1 : 0;
  return decided;
}
