import { fawcett, rateMetric } from "./metric.ts";

export const truePositiveRate = rateMetric({
  name: "true-positive-rate",
  label: { en: "True-positive rate", "zh-CN": "真正例率" },
  meaning: {
    en: "of rows whose label is positive, the share decided positive",
    "zh-CN": "在标签为正的行中，被判为正的比例",
  },
  direction: "higher",
  needs: "both",
  share: { of: ["tp"], among: ["tp", "fn"] },
  undefinedReason: "no row with a positive label",
  reference: fawcett("true-positive rate"),
});
