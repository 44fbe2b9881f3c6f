import { deLong } from "../../statistics/delong.ts";
import type { ScoreMetric } from "./score-metric.ts";

export const rocAuc: ScoreMetric = {
  name: "roc-auc",
  label: { en: "ROC AUC", "zh-CN": "ROC 曲线下面积" },
  meaning: {
    en: "the chance that a positive row has a higher score than a negative one, ties counted half; 0.5 by chance",
    "zh-CN": "正例分数高于负例的概率，相等计一半；随机时为 0.5",
  },
  range: [0, 1],
  direction: "higher",
  probability: false,
  scale: "logit",
  estimate: (curve, { confidence }) => deLong(curve, confidence),
  undefinedReason: "rows of only one label",
  reference: {
    of: "roc-auc",
    citation: "E. R. DeLong, D. M. DeLong and D. L. Clarke-Pearson, Biometrics 44 (1988) 837–845",
    url: "https://doi.org/10.2307/2531595",
  },
};
