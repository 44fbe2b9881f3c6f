import { accuracy } from "./accuracy.ts";
import { type ClassMetric, scikitReport } from "./class-metric.ts";

/** Recall weighted by support is accuracy: Σ truth × (right / truth) / total. */
export const recallWeighted: ClassMetric = {
  name: "recall-weighted",
  label: { en: "Recall, weighted average", "zh-CN": "召回率（加权平均）" },
  meaning: {
    en: "the mean recall of the classes, each counted by its rows; the same number as accuracy",
    "zh-CN": "各类别召回率的平均，按各类行数加权；与准确率相等",
  },
  range: [0, 1],
  shape: accuracy.shape,
  formula: accuracy.formula,
  undefinedReason: accuracy.undefinedReason,
  reference: scikitReport("weighted recall"),
};
