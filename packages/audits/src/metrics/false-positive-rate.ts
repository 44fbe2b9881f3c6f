import { fawcett, rateMetric } from "./metric.ts";

export const falsePositiveRate = rateMetric({
  name: "false-positive-rate",
  label: { en: "False-positive rate", "zh-CN": "假正例率" },
  meaning: {
    en: "of rows whose label is negative, the share decided positive",
    "zh-CN": "在标签为负的行中，被判为正的比例",
  },
  direction: "lower",
  needs: "both",
  share: { of: ["fp"], among: ["fp", "tn"] },
  undefinedReason: "no row with a negative label",
  reference: fawcett("false-positive rate"),
});
