import { type ClassMetric, f1Of, noSlopes, occurs, scikitReport } from "./class-metric.ts";

export const f1Macro: ClassMetric = {
  name: "f1-macro",
  label: { en: "F1, macro average", "zh-CN": "F1（宏平均）" },
  meaning: {
    en: "the mean F1 of the classes that occur or are predicted, each counted alike",
    "zh-CN": "各个出现过或被预测过的类别的 F1 之平均，每类同等计入",
  },
  range: [0, 1],
  shape: { kind: "table" },
  formula: (sums) => {
    let sum = 0;
    let classes = 0;
    for (let index = 0; index < sums.truth.length; index++) {
      if (!occurs(sums, index)) continue;
      sum += f1Of(sums, index);
      classes++;
    }
    return classes > 0 ? sum / classes : Number.NaN;
  },
  slopes: (sums) => {
    const slopes = noSlopes(sums);
    let classes = 0;
    for (let index = 0; index < sums.truth.length; index++) if (occurs(sums, index)) classes++;
    for (let index = 0; index < sums.truth.length; index++) {
      if (!occurs(sums, index)) continue;
      const margins = (sums.truth[index] ?? 0) + (sums.predicted[index] ?? 0);
      slopes.right[index] = 2 / margins / classes;
      slopes.truth[index] = (-2 * (sums.right[index] ?? 0)) / margins / margins / classes;
      slopes.predicted[index] = slopes.truth[index] ?? 0;
    }
    return { ...slopes, total: 0 };
  },
  undefinedReason: "no row with both label and prediction",
  reference: scikitReport("macro F1"),
};
