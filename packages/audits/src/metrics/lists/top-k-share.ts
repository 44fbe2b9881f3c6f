import { geyik, type ListMetric } from "./list-metric.ts";

export const topKShare: ListMetric = {
  name: "top-k-share",
  label: { en: "Share of the first places", "zh-CN": "前列名额中的占比" },
  meaning: {
    en: "the share of the first places that the group has",
    "zh-CN": "该组占据前列名额的比例",
  },
  over: "top",
  under: "places",
  value: "ratio",
  scale: "plain",
  range: [0, 1],
  unit: "percent",
  needsRelevance: false,
  gaps: [],
  test: null,
  undefinedReason: "no row with a score",
  reference: { of: "share of the first places", ...geyik },
};
