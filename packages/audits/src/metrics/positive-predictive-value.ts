import { fawcett, rateMetric } from "./metric.ts";

export const positivePredictiveValue = rateMetric({
  name: "positive-predictive-value",
  label: { en: "Positive predictive value", "zh-CN": "阳性预测值" },
  meaning: {
    en: "of rows decided positive, the share whose label is positive",
    "zh-CN": "在被判为正的行中，标签确为正的比例",
  },
  direction: "higher",
  needs: "both",
  share: { of: ["tp"], among: ["tp", "fp"] },
  undefinedReason: "no row decided positive",
  reference: fawcett("positive predictive value"),
});
