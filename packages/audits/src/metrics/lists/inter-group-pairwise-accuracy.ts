import { beutel, type ListMetric } from "./list-metric.ts";

export const interGroupPairwiseAccuracy: ListMetric = {
  name: "inter-group-pairwise-accuracy",
  label: { en: "Pairwise accuracy against others", "zh-CN": "组间成对准确率" },
  meaning: {
    en: "of pairs of a row of the group and a less relevant row of another group, the share in which the more relevant one stands first",
    "zh-CN": "该组的一行与其他组中相关性更低的一行配对，更相关者排在前面的比例",
  },
  over: "interWins",
  under: "interPairs",
  value: "ratio",
  scale: "logit",
  range: [0, 1],
  unit: "percent",
  needsRelevance: true,
  gaps: ["difference", "ratio"],
  test: "lists",
  undefinedReason: "no pair of a row of the group with a less relevant row of another",
  reference: { of: "inter-group pairwise accuracy", ...beutel },
};
