import { type ClassMetric, scikitReport, shareOfClass, supportMean } from "./class-metric.ts";

export const precisionWeighted: ClassMetric = {
  name: "precision-weighted",
  label: { en: "Precision, weighted average", "zh-CN": "精确率（加权平均）" },
  meaning: {
    en: "the mean precision of the classes, each counted by its rows; not defined counts 0",
    "zh-CN": "各类别精确率的平均，按各类行数加权；无定义者按 0 计",
  },
  range: [0, 1],
  shape: { kind: "table" },
  formula: (sums) => supportMean(sums, (of, index) => shareOfClass(of, "predicted", index) || 0),
  undefinedReason: "no row with both label and prediction",
  reference: scikitReport("weighted precision"),
};
