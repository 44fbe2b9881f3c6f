import { type ClassMetric, meanShare, scikitReport } from "./class-metric.ts";

export const recallMacro: ClassMetric = {
  name: "recall-macro",
  label: { en: "Recall, macro average", "zh-CN": "召回率（宏平均）" },
  meaning: {
    en: "the mean recall of the classes that occur or are predicted, each counted alike; not defined counts 0",
    "zh-CN": "各个出现过或被预测过的类别的召回率之平均，每类同等计入；无定义者按 0 计",
  },
  range: [0, 1],
  shape: { kind: "mean", margin: "truth", missing: "zero" },
  formula: (sums) => meanShare(sums, "truth", "zero"),
  undefinedReason: "no row with both label and prediction",
  reference: scikitReport("macro recall"),
};
