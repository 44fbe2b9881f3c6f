import { beutel, type ListMetric } from "./list-metric.ts";

export const pairwiseAccuracy: ListMetric = {
  name: "pairwise-accuracy",
  label: { en: "Pairwise accuracy", "zh-CN": "成对准确率" },
  meaning: {
    en: "of pairs of a row of the group and a less relevant row of the same list, the share in which the more relevant one stands first",
    "zh-CN": "同一列表中，该组的一行与相关性更低的一行配对，更相关者排在前面的比例",
  },
  over: "wins",
  under: "pairs",
  value: "ratio",
  scale: "logit",
  range: [0, 1],
  unit: "percent",
  needsRelevance: true,
  gaps: ["difference", "ratio"],
  test: "lists",
  undefinedReason: "no pair of a row of the group with a less relevant one",
  reference: { of: "pairwise accuracy", ...beutel },
};
