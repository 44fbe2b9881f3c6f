import { type ClassMetric, f1Of, occurs, scikitReport } from "./class-metric.ts";

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
  undefinedReason: "no row with both label and prediction",
  reference: scikitReport("macro F1"),
};
