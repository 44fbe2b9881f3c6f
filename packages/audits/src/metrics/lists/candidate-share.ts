import { geyik, type ListMetric } from "./list-metric.ts";

export const candidateShare: ListMetric = {
  name: "candidate-share",
  label: { en: "Share of candidates", "zh-CN": "候选者中的占比" },
  meaning: {
    en: "the group's share of the rows of a list, each list counting by its first places",
    "zh-CN": "该组在列表各行中所占的比例，各列表按其前列名额计入",
  },
  over: "blind",
  under: "places",
  value: "ratio",
  scale: "plain",
  range: [0, 1],
  unit: "percent",
  needsRelevance: false,
  gaps: [],
  test: null,
  undefinedReason: "no row with a score",
  reference: { of: "share of candidates", ...geyik },
};
