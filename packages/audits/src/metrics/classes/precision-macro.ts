import { type ClassMetric, meanShare, scikitReport } from "./class-metric.ts";

export const precisionMacro: ClassMetric = {
  name: "precision-macro",
  label: { en: "Precision, macro average", "zh-CN": "精确率（宏平均）" },
  meaning: {
    en: "the mean precision of the classes that occur or are predicted, each counted alike; not defined counts 0",
    "zh-CN": "各个出现过或被预测过的类别的精确率之平均，每类同等计入；无定义者按 0 计",
  },
  range: [0, 1],
  shape: { kind: "mean", margin: "predicted", missing: "zero" },
  formula: (sums) => meanShare(sums, "predicted", "zero"),
  undefinedReason: "no row with both label and prediction",
  reference: scikitReport("macro precision"),
};
