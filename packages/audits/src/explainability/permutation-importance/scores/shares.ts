import type { ModelOutputs } from "../../../audit-model.ts";
import type { ImportanceScore, Truth } from "./importance-score.ts";

/** Rows by label and decision. */
interface Cells {
  readonly tp: number;
  readonly fp: number;
  readonly fn: number;
  readonly tn: number;
}

const noBytes = new Uint8Array(0);

function count(truth: Truth, outputs: ModelOutputs): Cells {
  const positive = truth.positive ?? noBytes;
  const decision = outputs.decision ?? noBytes;
  const cells = [0, 0, 0, 0];
  for (let row = 0; row < truth.rows; row++) {
    const cell = 2 * (positive[row] ?? 0) + (decision[row] ?? 0);
    cells[cell] = (cells[cell] ?? 0) + 1;
  }
  const [tn = 0, fp = 0, fn = 0, tp = 0] = cells;
  return { tp, fp, fn, tn };
}

/** A score of the four cells; a row's influence is its cell's slope, times the rows, less the mean over the rows. */
function cellScore(
  name: string,
  label: ImportanceScore["label"],
  value: (cells: Cells) => number,
  slopes: (cells: Cells, value: number) => Cells,
): ImportanceScore {
  return {
    name,
    label,
    direction: "higher",
    needs: "decision",
    evaluate(truth, outputs, into, factor) {
      const cells = count(truth, outputs);
      const score = value(cells);
      if (Number.isNaN(score)) return score;
      const slope = slopes(cells, score);
      const { rows } = truth;
      const mean = (slope.tp * cells.tp + slope.fp * cells.fp + slope.fn * cells.fn + slope.tn * cells.tn) / rows;
      const by = [slope.tn, slope.fp, slope.fn, slope.tp].map((one) => factor * (one - mean) * rows);
      const positive = truth.positive ?? noBytes;
      const decision = outputs.decision ?? noBytes;
      for (let row = 0; row < rows; row++) {
        into[row] = (into[row] ?? 0) + (by[2 * (positive[row] ?? 0) + (decision[row] ?? 0)] ?? 0);
      }
      return score;
    },
  };
}

const share = (part: number, whole: number): number => (whole > 0 ? part / whole : Number.NaN);

export const balancedAccuracy = cellScore(
  "balanced-accuracy",
  { en: "balanced accuracy", "zh-CN": "平衡准确率" },
  ({ tp, fp, fn, tn }) => (share(tp, tp + fn) + share(tn, tn + fp)) / 2,
  ({ tp, fp, fn, tn }) => ({
    tp: fn / (tp + fn) ** 2 / 2,
    fn: -tp / (tp + fn) ** 2 / 2,
    tn: fp / (tn + fp) ** 2 / 2,
    fp: -tn / (tn + fp) ** 2 / 2,
  }),
);

export const f1 = cellScore(
  "f1",
  { en: "F1", "zh-CN": "F1" },
  ({ tp, fp, fn }) => share(2 * tp, 2 * tp + fp + fn),
  ({ tp, fp, fn }, value) => {
    const whole = 2 * tp + fp + fn;
    return { tp: (2 - 2 * value) / whole, fp: -value / whole, fn: -value / whole, tn: 0 };
  },
);

export const precision = cellScore(
  "precision",
  { en: "precision", "zh-CN": "精确率" },
  ({ tp, fp }) => share(tp, tp + fp),
  ({ tp, fp }) => ({ tp: fp / (tp + fp) ** 2, fp: -tp / (tp + fp) ** 2, fn: 0, tn: 0 }),
);

export const recall = cellScore(
  "recall",
  { en: "recall", "zh-CN": "召回率" },
  ({ tp, fn }) => share(tp, tp + fn),
  ({ tp, fn }) => ({ tp: fn / (tp + fn) ** 2, fn: -tp / (tp + fn) ** 2, fp: 0, tn: 0 }),
);

const noWords = new Uint32Array(0);

export const accuracy: ImportanceScore = {
  name: "accuracy",
  label: { en: "accuracy", "zh-CN": "准确率" },
  direction: "higher",
  needs: "decision",
  evaluate(truth, outputs, into, factor) {
    const { rows } = truth;
    const [wanted, said]: readonly [ArrayLike<number>, ArrayLike<number>] =
      outputs.predicted !== null && truth.classes !== null
        ? [truth.classes, outputs.predicted]
        : [truth.positive ?? noWords, outputs.decision ?? noWords];
    let right = 0;
    for (let row = 0; row < rows; row++) if (wanted[row] === said[row]) right++;
    const value = share(right, rows);
    if (Number.isNaN(value)) return value;
    const hit = factor * (1 - value);
    const miss = -factor * value;
    for (let row = 0; row < rows; row++) into[row] = (into[row] ?? 0) + (wanted[row] === said[row] ? hit : miss);
    return value;
  },
};
