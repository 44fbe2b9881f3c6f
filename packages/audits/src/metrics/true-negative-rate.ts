import { fawcett, rateMetric } from "./metric.ts";

export const trueNegativeRate = rateMetric({
  name: "true-negative-rate",
  label: { en: "True-negative rate", "zh-CN": "真负例率" },
  meaning: {
    en: "of rows whose label is negative, the share decided negative",
    "zh-CN": "在标签为负的行中，被判为负的比例",
  },
  direction: "higher",
  needs: "both",
  share: { of: ["tn"], among: ["fp", "tn"] },
  undefinedReason: "no row with a negative label",
  reference: fawcett("true-negative rate"),
});
