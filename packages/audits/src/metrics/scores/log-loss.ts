import { log, log1p } from "@assay/compute";
import { meanLoss } from "../../statistics/moment-interval.ts";
import { type ScoreMetric, scikitScores } from "./score-metric.ts";

/** Scores are kept this far from 0 and 1, as scikit-learn does: a certain miss costs 36, not infinity. */
const least = 2.220446049250313e-16;

/** What a certain miss costs. */
export const mostSurprise: number = -log(least);

export function surprise(score: number, label: 0 | 1): number {
  const kept = Math.min(1 - least, Math.max(least, score));
  return label === 1 ? -log(kept) : -log1p(-kept);
}

export const logLoss: ScoreMetric = {
  name: "log-loss",
  label: { en: "Log loss", "zh-CN": "对数损失" },
  meaning: {
    en: "the mean surprise at the outcome in nats, 0 at best; always saying one half gives 0.693",
    "zh-CN": "对结果的平均意外程度（奈特），最好为 0；始终给出二分之一时为 0.693",
  },
  range: [0, Number.POSITIVE_INFINITY],
  direction: "lower",
  probability: true,
  scale: "log",
  estimate: (curve, { confidence }) => meanLoss(curve, surprise, confidence, 0, mostSurprise),
  undefinedReason: "no row with both label and score",
  reference: scikitScores("log loss"),
};
