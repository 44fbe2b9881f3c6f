import { fawcett, rateMetric } from "./metric.ts";

export const negativePredictiveValue = rateMetric({
  name: "negative-predictive-value",
  label: { en: "Negative predictive value", "zh-CN": "阴性预测值" },
  meaning: {
    en: "of rows decided negative, the share whose label is negative",
    "zh-CN": "在被判为负的行中，标签确为负的比例",
  },
  direction: "higher",
  needs: "both",
  share: { of: ["tn"], among: ["tn", "fn"] },
  undefinedReason: "no row decided negative",
  reference: fawcett("negative predictive value"),
});
