import { meanEstimate } from "./mean-interval.ts";
import type { ValueMetric } from "./value-metric.ts";

export const meanLabel: ValueMetric = {
  name: "mean-label",
  label: { en: "Mean label", "zh-CN": "平均真实值" },
  meaning: { en: "what is true on average, over rows that have a prediction", "zh-CN": "有预测的行中，真实值的平均" },
  range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  needs: "label",
  hasRatio: true,
  estimate: ({ label }) => meanEstimate(label, "identity"),
  undefinedReason: "no row with both label and prediction",
  reference: {
    of: "mean-label and mean-residual",
    citation:
      "T. Calders, A. Karim, F. Kamiran, W. Ali and X. Zhang, Controlling attribute effect in linear regression, ICDM (2013) 71–80",
    url: "https://doi.org/10.1109/ICDM.2013.114",
  },
};
