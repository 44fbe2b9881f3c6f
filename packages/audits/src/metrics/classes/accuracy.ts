import { type ClassMetric, scikitReport } from "./class-metric.ts";

export const accuracy: ClassMetric = {
  name: "accuracy",
  label: { en: "Accuracy", "zh-CN": "准确率" },
  meaning: { en: "of all rows, the share predicted as their label says", "zh-CN": "在全部行中，预测与标签一致的比例" },
  range: [0, 1],
  shape: { kind: "share" },
  formula: ({ right, total }) => right.reduce((sum, k) => sum + k, 0) / total,
  undefinedReason: "no row with both label and prediction",
  reference: scikitReport("accuracy"),
};
