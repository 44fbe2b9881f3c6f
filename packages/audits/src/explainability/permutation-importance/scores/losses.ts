import type { ImportanceScore } from "./importance-score.ts";

const noBytes = new Uint8Array(0);
const noScores = new Float64Array(0);

/** The mean of a loss of each row's probability; NaN where a score is no probability. */
function meanLoss(
  name: string,
  label: ImportanceScore["label"],
  loss: (score: number, positive: number) => number,
): ImportanceScore {
  return {
    name,
    label,
    direction: "lower",
    needs: "score",
    evaluate(truth, outputs, into, factor) {
      const { rows } = truth;
      const positive = truth.positive ?? noBytes;
      const scores = outputs.score ?? noScores;
      let sum = 0;
      for (let row = 0; row < rows; row++) sum += loss(scores[row] ?? Number.NaN, positive[row] ?? 0);
      const mean = rows > 0 ? sum / rows : Number.NaN;
      if (Number.isNaN(mean)) return mean;
      for (let row = 0; row < rows; row++) {
        into[row] = (into[row] ?? 0) + factor * (loss(scores[row] ?? 0, positive[row] ?? 0) - mean);
      }
      return mean;
    },
  };
}

/** What scikit-learn takes for a probability of 0 or 1 in the logarithm. */
const epsilon = Number.EPSILON;

export const brierScore = meanLoss("brier-score", { en: "Brier score", "zh-CN": "Brier 分数" }, (score, positive) =>
  score >= 0 && score <= 1 ? (score - positive) ** 2 : Number.NaN,
);

export const logLoss = meanLoss("log-loss", { en: "log loss", "zh-CN": "对数损失" }, (score, positive) => {
  if (!(score >= 0 && score <= 1)) return Number.NaN;
  const p = Math.min(1 - epsilon, Math.max(epsilon, score));
  return positive === 1 ? -Math.log(p) : -Math.log1p(-p);
});
