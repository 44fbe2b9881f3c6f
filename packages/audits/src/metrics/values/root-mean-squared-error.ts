import { meanEstimate } from "./mean-interval.ts";
import { scikitRegression, type ValueMetric } from "./value-metric.ts";

export const rootMeanSquaredError: ValueMetric = {
  name: "root-mean-squared-error",
  label: { en: "Root mean squared error", "zh-CN": "均方根误差" },
  meaning: {
    en: "how far the prediction lies from the label, large misses counting more",
    "zh-CN": "预测值与真实值相差多少，大的偏差占更大比重",
  },
  range: [0, Number.POSITIVE_INFINITY],
  needs: "both",
  hasRatio: true,
  estimate: ({ square }) => {
    const of = meanEstimate(square, "log");
    if (of === null) return null;
    const value = Math.sqrt(of.value);
    return {
      ...of,
      value,
      se: value > 0 ? of.se / (2 * value) : Math.sqrt(of.se),
      interval: (z) => {
        const { low, high } = of.interval(z);
        return { low: Math.sqrt(Math.max(0, low)), high: Math.sqrt(Math.max(0, high)) };
      },
    };
  },
  undefinedReason: "no row with both label and prediction",
  reference: scikitRegression("root mean squared error"),
};
