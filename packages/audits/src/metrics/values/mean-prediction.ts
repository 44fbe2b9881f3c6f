import { meanEstimate } from "./mean-interval.ts";
import type { ValueMetric } from "./value-metric.ts";

export const meanPrediction: ValueMetric = {
  name: "mean-prediction",
  label: { en: "Mean prediction", "zh-CN": "平均预测值" },
  meaning: { en: "what is predicted on average", "zh-CN": "预测值的平均" },
  range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  needs: "prediction",
  hasRatio: true,
  estimate: ({ prediction }) => meanEstimate(prediction, "identity"),
  undefinedReason: "no row with a prediction",
  reference: {
    of: "mean-prediction",
    citation:
      "T. Calders, A. Karim, F. Kamiran, W. Ali and X. Zhang, Controlling attribute effect in linear regression, ICDM (2013) 71–80",
    url: "https://doi.org/10.1109/ICDM.2013.114",
  },
};
