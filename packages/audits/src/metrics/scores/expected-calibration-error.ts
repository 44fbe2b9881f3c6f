import { calibrationError } from "../../statistics/calibration-error.ts";
import { criticalValue } from "../../statistics/normal.ts";
import type { ScoreMetric } from "./score-metric.ts";

export const expectedCalibrationError: ScoreMetric = {
  name: "expected-calibration-error",
  label: { en: "Expected calibration error", "zh-CN": "期望校准误差" },
  meaning: {
    en: "the mean distance of score and outcome rate over bins of the score; chance alone keeps it above 0",
    "zh-CN": "按分数分箱后，分数与实际比率之差的平均；仅凭偶然也会大于 0",
  },
  range: [0, 1],
  direction: "lower",
  probability: true,
  scale: null,
  estimate: (curve, options) => {
    const error = calibrationError(curve, options);
    if (!error) return null;
    const { value, debiased, interval, p } = error;
    return {
      value,
      ...interval,
      p,
      debiased,
      method: "gap-inversion",
      standardError: null,
      // Draws do not reach the far tails that many groups at once ask for: there the arms grow as a normal's do.
      at: (level) => {
        const times = criticalValue(level) / criticalValue(options.confidence);
        return {
          low: Math.max(0, debiased - times * (debiased - interval.low)),
          high: Math.min(1, debiased + times * (interval.high - debiased)),
        };
      },
    };
  },
  undefinedReason: "no row with both label and score",
  reference: {
    of: "expected-calibration-error",
    citation: "M. P. Naeini, G. F. Cooper and M. Hauskrecht, AAAI 2015, 2901–2907",
    url: "https://doi.org/10.1609/aaai.v29i1.9602",
  },
};
