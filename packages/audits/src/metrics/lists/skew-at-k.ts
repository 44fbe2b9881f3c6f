import { geyik, type ListMetric } from "./list-metric.ts";

export const skewAtK: ListMetric = {
  name: "skew-at-k",
  label: { en: "Skew at the first places", "zh-CN": "前列名额的偏斜" },
  meaning: {
    en: "the logarithm of the group's share of the first places over its share of candidates, 0 where they are equal",
    "zh-CN": "该组前列名额占比与候选者占比之比的对数，相等时为 0",
  },
  over: "top",
  under: "blind",
  value: "log",
  scale: "plain",
  range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  unit: "number",
  needsRelevance: false,
  gaps: ["difference"],
  test: "shuffle",
  undefinedReason: "the group has none of the first places",
  reference: { of: "skew@k", ...geyik },
};
