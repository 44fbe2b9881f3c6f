import { AssayError } from "@assay/schema";
import type { BoostTargets, TreeOptions } from "./boosting.ts";

/** Rows of which each column's value is the number of a bin. */
export interface BinnedTable {
  readonly rows: number;
  readonly features: number;
  /** u8[rows × features], row-major; below the column's count. */
  readonly bins: Uint8Array;
  /** u32[features], 1 to 256: bins of each column, that of missing values among them. */
  readonly counts: Uint32Array;
  /** u8[features]: 1 where the column's last bin is that of missing values. */
  readonly missing: Uint8Array;
}

/** So that no weighted residual leaves the doubles. */
const mostWeight = 1e100;
/** What the integers of sums leave room for. */
const mostRows = 2 ** 28;

export function checkBins({ rows, features, bins, counts, missing }: BinnedTable): void {
  if (rows < 1 || features < 1) throw new AssayError("data-invalid", `boost: ${rows} rows and ${features} columns`);
  if (rows > mostRows) {
    throw new AssayError("data-too-large", `boost: ${rows} rows, at most ${mostRows}; train on a sample`);
  }
  if (bins.length !== rows * features || counts.length !== features || missing.length !== features) {
    throw new AssayError("internal", "boost: bins, counts and missing do not fit rows and columns");
  }
  for (const [feature, count] of counts.entries()) {
    if (count < 1 + (missing[feature] ?? 0) || count > 256) {
      throw new AssayError("internal", `boost: column ${feature} has ${count} bins`);
    }
  }
  for (let at = 0; at < bins.length; at++) {
    if ((bins[at] ?? 0) >= (counts[at % features] ?? 0)) {
      throw new AssayError(
        "internal",
        `boost: row ${Math.floor(at / features)} has bin ${bins[at]} of column ${at % features}`,
      );
    }
  }
}

export function checkTargets({ loss, outputs, labels, weights, base }: BoostTargets, rows: number): void {
  const fail = (message: string) => new AssayError("data-invalid", `boost: ${message}`);
  if (labels.length !== rows) throw fail(`${labels.length} labels for ${rows} rows`);
  if (weights && weights.length !== rows) throw fail(`${weights.length} weights for ${rows} rows`);
  if (base.length !== outputs || (loss !== "softmax" && outputs !== 1)) {
    throw new AssayError("internal", `boost: ${outputs} outputs with ${loss}`);
  }
  const odd = labels.findIndex((label) =>
    loss === "squared-error"
      ? !Number.isFinite(label)
      : !Number.isInteger(label) || label < 0 || label >= (loss === "softmax" ? outputs : 2),
  );
  if (odd !== -1) throw fail(`row ${odd} has the label ${labels[odd]}`);
  const bad = weights?.findIndex((weight) => !(weight >= 0 && weight <= mostWeight)) ?? -1;
  if (bad !== -1) throw fail(`row ${bad} has the weight ${weights?.[bad]}; weights are from 0 to ${mostWeight}`);
}

export function checkTree(options: TreeOptions): void {
  const { maxLeafNodes, maxDepth, minSamplesLeaf, learningRate, l2Regularization } = options;
  const fail = (message: string) => new AssayError("usage", `boost: ${message}`);
  if (!Number.isInteger(maxLeafNodes) || maxLeafNodes < 2) throw fail(`maxLeafNodes is ${maxLeafNodes}; at least 2`);
  if (!(maxDepth >= 1)) throw fail(`maxDepth is ${maxDepth}; at least 1`);
  if (!Number.isInteger(minSamplesLeaf) || minSamplesLeaf < 1) throw fail(`minSamplesLeaf is ${minSamplesLeaf}`);
  if (!(learningRate > 0 && learningRate <= 1)) throw fail(`learningRate is ${learningRate}; above 0, at most 1`);
  if (!(l2Regularization >= 0 && l2Regularization < Number.POSITIVE_INFINITY)) {
    throw fail(`l2Regularization is ${l2Regularization}`);
  }
}
