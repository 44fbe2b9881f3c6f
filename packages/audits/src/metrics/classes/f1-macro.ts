import { type ClassMetric, f1Of, scikitReport } from "./class-metric.ts";

export const f1Macro: ClassMetric = {
  name: "f1-macro",
  label: { en: "F1, macro average", "zh-CN": "F1（宏平均）" },
  meaning: { en: "the mean F1 of the classes, each counted alike", "zh-CN": "各类别 F1 的平均，每类同等计入" },
  range: [0, 1],
  shape: { kind: "table" },
  formula: (sums) => {
    let sum = 0;
    for (let index = 0; index < sums.truth.length; index++) sum += f1Of(sums, index);
    return sum / sums.truth.length;
  },
  undefinedReason: "no row with both label and prediction",
  reference: scikitReport("macro F1"),
};
