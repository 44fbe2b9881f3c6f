import { calibrationError } from "../../statistics/calibration-error.ts";
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
  estimate: (curve, options) => {
    const error = calibrationError(curve, options);
    return (
      error && { value: error.value, ...error.interval, p: error.p, debiased: error.debiased, method: "gap-inversion" }
    );
  },
  undefinedReason: "no row with both label and score",
  reference: {
    of: "expected-calibration-error",
    citation: "M. P. Naeini, G. F. Cooper and M. Hauskrecht, AAAI 2015, 2901–2907",
    url: "https://doi.org/10.1609/aaai.v29i1.9602",
  },
};
