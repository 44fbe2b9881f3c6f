import { meanEstimate } from "./mean-interval.ts";
import type { ValueMetric } from "./value-metric.ts";

export const meanResidual: ValueMetric = {
  name: "mean-residual",
  label: { en: "Mean residual", "zh-CN": "平均残差" },
  meaning: {
    en: "how far the prediction lies above the label on average; below zero, it is too low",
    "zh-CN": "预测值平均比真实值高出多少；小于零表示偏低",
  },
  range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  needs: "both",
  hasRatio: false,
  estimate: ({ residual }) => meanEstimate(residual, "identity"),
  undefinedReason: "no row with both label and prediction",
  reference: {
    of: "mean-residual",
    citation:
      "T. Calders, A. Karim, F. Kamiran, W. Ali and X. Zhang, Controlling attribute effect in linear regression, ICDM (2013) 71–80",
    url: "https://doi.org/10.1109/ICDM.2013.114",
  },
};
