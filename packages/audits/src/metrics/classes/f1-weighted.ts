import { type ClassMetric, f1Of, scikitReport, supportMean } from "./class-metric.ts";

export const f1Weighted: ClassMetric = {
  name: "f1-weighted",
  label: { en: "F1, weighted average", "zh-CN": "F1（加权平均）" },
  meaning: {
    en: "the mean F1 of the classes, each counted by its rows",
    "zh-CN": "各类别 F1 的平均，按各类行数加权",
  },
  range: [0, 1],
  shape: { kind: "table" },
  formula: (sums) => supportMean(sums, f1Of),
  undefinedReason: "no row with both label and prediction",
  reference: scikitReport("weighted F1"),
};
