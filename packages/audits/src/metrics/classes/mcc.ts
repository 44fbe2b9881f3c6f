import { type ClassMetric, noSlopes } from "./class-metric.ts";

/** Gorodkin's R_K; Matthews' correlation where there are two classes. */
export const mcc: ClassMetric = {
  name: "mcc",
  label: { en: "Matthews correlation", "zh-CN": "马修斯相关系数" },
  meaning: {
    en: "the correlation of prediction and label, at most 1, 0 by chance",
    "zh-CN": "预测与标签的相关系数，最大为 1，随机时为 0",
  },
  range: [-1, 1],
  shape: { kind: "table" },
  // As shares of the total: products of counts would leave the exact integers at a hundred million rows.
  formula: ({ total, right, truth, predicted }) => {
    let agreed = 0;
    let chance = 0;
    // Twice Σ over pairs of classes: 1 − Σ share², of which rounding leaves little where one class is nearly all.
    let truths = 0;
    let predictions = 0;
    let rowsBefore = 0;
    let columnsBefore = 0;
    for (let index = 0; index < truth.length; index++) {
      const row = (truth[index] ?? 0) / total;
      const column = (predicted[index] ?? 0) / total;
      agreed += (right[index] ?? 0) / total;
      chance += row * column;
      truths += 2 * row * rowsBefore;
      predictions += 2 * column * columnsBefore;
      rowsBefore += row;
      columnsBefore += column;
    }
    const product = truths * predictions;
    return product > 1e-30 ? (agreed - chance) / Math.sqrt(product) : Number.NaN;
  },
  slopes: (sums) => {
    const { total, right, truth, predicted } = sums;
    const slopes = noSlopes(sums);
    // In shares of the total: covariance over the root of two spreads.
    let agreed = 0;
    let chance = 0;
    let truths = 1;
    let predictions = 1;
    for (let index = 0; index < truth.length; index++) {
      const row = (truth[index] ?? 0) / total;
      const column = (predicted[index] ?? 0) / total;
      agreed += (right[index] ?? 0) / total;
      chance += row * column;
      truths -= row * row;
      predictions -= column * column;
    }
    const root = Math.sqrt(truths * predictions);
    const value = (agreed - chance) / root;
    for (let index = 0; index < truth.length; index++) {
      const row = (truth[index] ?? 0) / total;
      const column = (predicted[index] ?? 0) / total;
      slopes.right[index] = 1 / root / total;
      slopes.truth[index] = (-column / root + (value * row) / truths) / total;
      slopes.predicted[index] = (-row / root + (value * column) / predictions) / total;
    }
    return { ...slopes, total: (agreed / root - value * (1 / truths + 1 / predictions)) / total };
  },
  undefinedReason: "all labels or all predictions are the same",
  reference: {
    of: "mcc",
    citation: "J. Gorodkin, Computational Biology and Chemistry 28 (2004) 367–374",
    url: "https://doi.org/10.1016/j.compbiolchem.2004.09.006",
  },
};
