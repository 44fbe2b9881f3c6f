import type { Measure } from "@assay/schema";
import { estimateScores, noProbability, type ScoreOptions } from "../../metrics/scores/index.ts";
import { meanLoss } from "../../statistics/moment-interval.ts";
import { isProbability, type ScoreCurve } from "../../statistics/score-curve.ts";
import { wilson } from "../../statistics/wilson.ts";
import { onlyWeightless } from "./unknown.ts";

const debiased = "expected-calibration-error-debiased";

/** Measures of a score, alphabetical; what needs a probability is unknown, with the reason, where a score is none. */
export function scoreMeasures(curve: ScoreCurve, options: ScoreOptions): Measure[] {
  const { confidence } = options;
  const { totals } = curve;
  const n = totals.positiveRows + totals.negativeRows;
  const probability = isProbability(curve);
  const weight = totals.positive + totals.negative;
  const isWeightless =
    (totals.positiveRows > 0 && totals.positive === 0) || (totals.negativeRows > 0 && totals.negative === 0);
  const measures = estimateScores(curve, options).flatMap((result): Measure[] => {
    const name = result.metric.name;
    const names = name === "expected-calibration-error" ? [name, debiased] : [name];
    if (result.estimate === null) {
      const reason = isWeightless && result.reason !== noProbability ? onlyWeightless : result.reason;
      return names.map((one) => ({ metric: one, value: null, n, reason }));
    }
    const { estimate } = result;
    const { value, low, high, method, p } = estimate;
    const rest = { confidence, n, ...(p === undefined ? {} : { p }), method };
    const plain: Measure = { metric: name, value, low, high, ...rest };
    if (estimate.debiased === undefined) return [plain];
    return [plain, { metric: debiased, value: estimate.debiased, low, high, ...rest }];
  });
  if (weight > 0) {
    const effective = (weight * weight) / totals.squares;
    const rate = totals.positive / weight;
    const positives = wilson(rate * effective, effective, confidence);
    measures.push({
      metric: "base-rate",
      value: rate,
      ...positives,
      confidence,
      n,
      method: curve.positive === curve.positiveSquares ? "wilson" : "wilson-effective",
    });
    const mean = probability ? meanLoss(curve, (score) => score, confidence, 0, 1) : null;
    if (mean) {
      const { value, low, high, method } = mean;
      measures.push({ metric: "mean-score", value, low, high, confidence, n, method });
    }
  }
  return measures.sort((a, b) => (a.metric < b.metric ? -1 : a.metric > b.metric ? 1 : 0));
}
