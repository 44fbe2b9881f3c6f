import { everyCell, type Metric, scikitLearn, shareOf, sumOf } from "./metric.ts";

const tpr = { of: ["tp"], among: ["tp", "fn"] } as const;
const tnr = { of: ["tn"], among: ["fp", "tn"] } as const;

export const balancedAccuracy: Metric = {
  name: "balanced-accuracy",
  label: { en: "Balanced accuracy", "zh-CN": "平衡准确率" },
  meaning: {
    en: "the mean of the true-positive and the true-negative rate",
    "zh-CN": "真正例率与真负例率的平均",
  },
  range: [0, 1],
  direction: "higher",
  needs: "both",
  shape: { kind: "mean", shares: [tpr, tnr], kernel: "balanced-accuracy" },
  formula: (cells) => (shareOf(cells, tpr) + shareOf(cells, tnr)) / 2,
  rows: (cells) => sumOf(cells, everyCell),
  undefinedReason: "rows of only one label",
  reference: scikitLearn("balanced accuracy score", "balanced accuracy"),
};
