import { beutel, type ListMetric } from "./list-metric.ts";

export const intraGroupPairwiseAccuracy: ListMetric = {
  name: "intra-group-pairwise-accuracy",
  label: { en: "Pairwise accuracy within the group", "zh-CN": "组内成对准确率" },
  meaning: {
    en: "of pairs of rows of the group whose relevance differs, the share in which the more relevant one stands first",
    "zh-CN": "组内相关性不同的两行配对，更相关者排在前面的比例",
  },
  over: "intraWins",
  under: "intraPairs",
  value: "ratio",
  scale: "logit",
  range: [0, 1],
  unit: "percent",
  needsRelevance: true,
  gaps: ["difference", "ratio"],
  test: "lists",
  undefinedReason: "no pair of rows of the group whose relevance differs",
  reference: { of: "intra-group pairwise accuracy", ...beutel },
};
