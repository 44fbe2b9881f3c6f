import { meanEstimate } from "./mean-interval.ts";
import { scikitRegression, type ValueMetric } from "./value-metric.ts";

export const meanAbsoluteError: ValueMetric = {
  name: "mean-absolute-error",
  label: { en: "Mean absolute error", "zh-CN": "平均绝对误差" },
  meaning: {
    en: "how far the prediction lies from the label on average, to either side",
    "zh-CN": "预测值与真实值平均相差多少，不分方向",
  },
  range: [0, Number.POSITIVE_INFINITY],
  needs: "both",
  hasRatio: true,
  estimate: ({ absolute }) => meanEstimate(absolute, "log"),
  undefinedReason: "no row with both label and prediction",
  reference: scikitRegression("mean absolute error"),
};
