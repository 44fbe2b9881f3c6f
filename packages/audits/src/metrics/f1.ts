import { type Metric, scikitLearn, shareOf, sumOf } from "./metric.ts";

const jaccard = { of: ["tp"], among: ["tp", "fp", "fn"] } as const;

/**
 * F1 = 2J / (1 + J) with J = tp / (tp + fp + fn), a plain share: so its interval is the share's, carried over, and
 * equal F1 means equal J.
 */
export const f1: Metric = {
  name: "f1",
  label: { en: "F1", "zh-CN": "F1" },
  meaning: {
    en: "the harmonic mean of precision and recall",
    "zh-CN": "精确率与召回率的调和平均",
  },
  range: [0, 1],
  direction: "higher",
  needs: "both",
  shape: { kind: "rate", share: jaccard, curve: (share) => (2 * share) / (1 + share) },
  formula: (cells) => {
    const j = shareOf(cells, jaccard);
    return Number.isNaN(j) ? j : (2 * cells.tp) / (2 * cells.tp + cells.fp + cells.fn);
  },
  rows: (cells) => sumOf(cells, jaccard.among),
  undefinedReason: "no row with a positive label or a positive decision",
  reference: scikitLearn("precision, recall and F-measures", "f1"),
};
