import { exp, log, log1p } from "../../numbers/elementary.ts";
import type { LogisticPass, LogisticTargets } from "./index.ts";

/** What the kernel means: one row after the other, plain sums in float64. */
export function logisticReference(
  columns: readonly Float64Array[],
  { classes, labels, weights }: LogisticTargets,
  coefficients: Float64Array,
): LogisticPass & { readonly hessian: Float64Array; readonly probabilities: Float64Array } {
  const rows = labels.length;
  const own = columns.length + 1;
  const outputs = classes === 2 ? 1 : classes;
  const size = outputs * own;
  const gradient = new Float64Array(size);
  const hessian = new Float64Array(size * size);
  const probabilities = new Float64Array(outputs * rows);
  let loss = 0;
  for (let row = 0; row < rows; row++) {
    const weight = weights?.[row] ?? 1;
    const label = labels[row] ?? 0;
    const x = [...columns.map((column) => column[row] ?? 0), 1];
    const scores = Array.from({ length: outputs }, (_, output) =>
      x.reduce((sum, value, index) => sum + value * (coefficients[output * own + index] ?? 0), 0),
    );
    let p: number[];
    if (outputs === 1) {
      const [score = 0] = scores;
      p = [1 / (1 + exp(-score))];
      loss += weight * (label === 1 ? log1p(exp(-score)) : log1p(exp(-score)) + score);
    } else {
      const sum = scores.reduce((total, score) => total + exp(score), 0);
      p = scores.map((score) => exp(score) / sum);
      loss += weight * (log(sum) - (scores[label] ?? 0));
    }
    for (const [one, own1] of p.entries()) {
      probabilities[one * rows + row] = own1;
      const truth = outputs === 1 ? label : Number(label === one);
      for (const [i, xi] of x.entries()) {
        gradient[one * own + i] = (gradient[one * own + i] ?? 0) + weight * (own1 - truth) * xi;
        for (const [other, own2] of p.entries()) {
          const h = weight * own1 * (Number(one === other) - own2);
          for (const [j, xj] of x.entries()) {
            const at = (one * own + i) * size + other * own + j;
            hessian[at] = (hessian[at] ?? 0) + h * xi * xj;
          }
        }
      }
    }
  }
  return { loss, gradient, hessian, probabilities };
}
