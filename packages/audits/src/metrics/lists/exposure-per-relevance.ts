import { type ListMetric, singh } from "./list-metric.ts";

export const exposurePerRelevance: ListMetric = {
  name: "exposure-per-relevance",
  label: { en: "Exposure per relevance", "zh-CN": "单位相关性的曝光度" },
  meaning: {
    en: "the attention that a group's places draw, for each unit of its relevance",
    "zh-CN": "该组每一单位相关性得到的关注",
  },
  over: "judgedExposure",
  under: "relevance",
  value: "ratio",
  scale: "log",
  range: [0, Number.POSITIVE_INFINITY],
  unit: "number",
  needsRelevance: true,
  gaps: ["difference", "ratio"],
  test: "lists",
  undefinedReason: "the group has no relevance above 0",
  reference: { of: "disparate treatment of exposure", ...singh },
};
