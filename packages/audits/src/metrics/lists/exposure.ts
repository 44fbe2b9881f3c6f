import { type ListMetric, singh } from "./list-metric.ts";

export const exposure: ListMetric = {
  name: "exposure",
  label: { en: "Exposure", "zh-CN": "曝光度" },
  meaning: {
    en: "the mean attention that a row's place draws, 1 in the first place and 1 / log2(1 + place) below",
    "zh-CN": "各行所处位次平均得到的关注：首位为 1，其后为 1 / log2(1 + 位次)",
  },
  over: "exposure",
  under: "rows",
  value: "ratio",
  scale: "log",
  range: [0, 1],
  unit: "number",
  needsRelevance: false,
  gaps: ["difference", "ratio"],
  test: "shuffle",
  undefinedReason: "no row with a score",
  reference: { of: "exposure of a group", ...singh },
};
