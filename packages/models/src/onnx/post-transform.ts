import { exp } from "@assay/compute";
import type { NumberColumn } from "../columns.ts";
import type { GraphNode } from "./graph.ts";
import { NotCompiled } from "./operand.ts";

/** What follows the sums of trees and linear models, in the order of TreeEnsemble's numbers (ai.onnx.ml 5). */
export const postTransforms = ["NONE", "SOFTMAX", "LOGISTIC", "SOFTMAX_ZERO", "PROBIT"] as const;
export type PostTransform = (typeof postTransforms)[number];

export function readPostTransform(node: GraphNode): PostTransform {
  const text = node.text("post_transform") ?? "NONE";
  const found = postTransforms.find((one) => one === text);
  if (!found) throw node.fault(`post_transform is ${JSON.stringify(text)}; there are ${postTransforms.join(", ")}`);
  return found;
}

/** Applied to each row's scores, as ONNX Runtime does (ml_common.h, write_scores), in float64. */
export function transformScores(
  kind: PostTransform,
  scores: readonly NumberColumn[],
  rows: number,
): readonly NumberColumn[] {
  switch (kind) {
    case "NONE":
      return scores;
    case "LOGISTIC":
      return scores.map((column) => Float64Array.from(column, logistic));
    case "SOFTMAX":
      return softmax(scores, rows);
    case "SOFTMAX_ZERO":
      return softmaxZero(scores, rows);
    case "PROBIT":
      throw new NotCompiled("post_transform PROBIT");
  }
}

export function logistic(x: number): number {
  const value = 1 / (1 + exp(-Math.abs(x)));
  return x < 0 ? 1 - value : value;
}

export function softmax(scores: readonly NumberColumn[], rows: number): readonly Float64Array[] {
  const made = scores.map(() => new Float64Array(rows));
  for (let row = 0; row < rows; row++) {
    let top = Number.NEGATIVE_INFINITY;
    for (const column of scores) top = Math.max(top, column[row] ?? Number.NaN);
    let sum = 0;
    for (const [index, column] of scores.entries()) {
      const value = exp((column[row] ?? 0) - top);
      sum += value;
      (made[index] ?? [])[row] = value;
    }
    for (const column of made) column[row] = (column[row] ?? 0) / sum;
  }
  return made;
}

/** Softmax that leaves scores of 0 (nearer than 1e-7) out of the sum. */
function softmaxZero(scores: readonly NumberColumn[], rows: number): readonly Float64Array[] {
  const made = scores.map(() => new Float64Array(rows));
  for (let row = 0; row < rows; row++) {
    let top = Number.NEGATIVE_INFINITY;
    for (const column of scores) top = Math.max(top, column[row] ?? Number.NaN);
    let sum = 0;
    for (const [index, column] of scores.entries()) {
      const score = column[row] ?? 0;
      const counts = Math.abs(score) > 1e-7;
      const value = counts ? exp(score - top) : score * exp(-top);
      if (counts) sum += value;
      (made[index] ?? [])[row] = value;
    }
    for (const column of made) column[row] = (column[row] ?? 0) / sum;
  }
  return made;
}
