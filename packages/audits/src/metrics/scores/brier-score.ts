import { meanLoss } from "../../statistics/moment-interval.ts";
import type { ScoreMetric } from "./score-metric.ts";

export function squaredError(score: number, label: 0 | 1): number {
  return (score - label) ** 2;
}

export const brierScore: ScoreMetric = {
  name: "brier-score",
  label: { en: "Brier score", "zh-CN": "Brier 分数" },
  meaning: {
    en: "the mean squared distance of score and outcome, 0 at best",
    "zh-CN": "分数与结果之差的平方的平均，最好为 0",
  },
  range: [0, 1],
  direction: "lower",
  probability: true,
  scale: "log",
  estimate: (curve, { confidence }) => meanLoss(curve, squaredError, confidence, 0, 1),
  undefinedReason: "no row with both label and score",
  reference: {
    of: "brier-score",
    citation: "G. W. Brier, Monthly Weather Review 78 (1950) 1–3",
    url: "https://doi.org/10.1175/1520-0493(1950)078%3C0001:VOFEIT%3E2.0.CO;2",
  },
};
