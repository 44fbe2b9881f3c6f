import { type ClassMetric, meanShare, scikitReport } from "./class-metric.ts";

export const balancedAccuracy: ClassMetric = {
  name: "balanced-accuracy",
  label: { en: "Balanced accuracy", "zh-CN": "平衡准确率" },
  meaning: {
    en: "the mean recall of the classes that occur, each counted alike",
    "zh-CN": "各个出现过的类别的召回率之平均，每类同等计入",
  },
  range: [0, 1],
  shape: { kind: "mean", margin: "truth", missing: "left-out" },
  formula: (sums) => meanShare(sums, "truth", "left-out"),
  undefinedReason: "no row with both label and prediction",
  reference: scikitReport("balanced accuracy"),
};
