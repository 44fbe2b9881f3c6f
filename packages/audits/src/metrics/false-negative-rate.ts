import { fawcett, rateMetric } from "./metric.ts";

export const falseNegativeRate = rateMetric({
  name: "false-negative-rate",
  label: { en: "False-negative rate", "zh-CN": "假负例率" },
  meaning: {
    en: "of rows whose label is positive, the share decided negative",
    "zh-CN": "在标签为正的行中，被判为负的比例",
  },
  direction: "lower",
  needs: "both",
  share: { of: ["fn"], among: ["tp", "fn"] },
  undefinedReason: "no row with a positive label",
  reference: fawcett("false-negative rate"),
});
