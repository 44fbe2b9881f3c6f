import type { ImportanceScore } from "./importance-score.ts";

const noBytes = new Uint8Array(0);
const noScores = new Float64Array(0);

/** Scores of one class in rising order. */
function sorted(scores: Float64Array, positive: Uint8Array, rows: number, which: 0 | 1): Float64Array {
  const picked = new Float64Array(rows);
  let length = 0;
  for (let row = 0; row < rows; row++) {
    if ((positive[row] ?? 0) === which) {
      picked[length] = scores[row] ?? 0;
      length++;
    }
  }
  return picked.subarray(0, length).sort();
}

/** How many of the sorted values are below, or with `equal` at most, a value. */
function below(values: Float64Array, value: number, equal: boolean): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const here = values[middle] ?? 0;
    if (here < value || (equal && here === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Area under the ROC curve, ties counted half; influences are DeLong's structural components.
 * doi:10.2307/2531595
 */
export const rocAuc: ImportanceScore = {
  name: "roc-auc",
  label: { en: "ROC AUC", "zh-CN": "ROC 曲线下面积" },
  direction: "higher",
  needs: "score",
  evaluate(truth, outputs, into, factor) {
    const { rows } = truth;
    const positive = truth.positive ?? noBytes;
    const scores = outputs.score ?? noScores;
    const ups = sorted(scores, positive, rows, 1);
    const downs = sorted(scores, positive, rows, 0);
    if (ups.length === 0 || downs.length === 0) return Number.NaN;
    const placements = new Float64Array(rows);
    let wins = 0;
    for (let row = 0; row < rows; row++) {
      const score = scores[row] ?? 0;
      const isUp = positive[row] === 1;
      const others = isUp ? downs : ups;
      const lower = (below(others, score, false) + below(others, score, true)) / 2;
      const placement = (isUp ? lower : others.length - lower) / others.length;
      placements[row] = placement;
      if (isUp) wins += placement;
    }
    const value = wins / ups.length;
    const up = (factor * rows) / ups.length;
    const down = (factor * rows) / downs.length;
    for (let row = 0; row < rows; row++) {
      into[row] = (into[row] ?? 0) + (positive[row] === 1 ? up : down) * ((placements[row] ?? 0) - value);
    }
    return value;
  },
};

/**
 * Average precision: the mean, over positive rows, of the share of positives among rows scored as high or higher (ties
 * share one threshold, as in scikit-learn). The influence of a row is the derivative of that mean in the weight of the
 * row: through its own threshold, and through the precision at every threshold below its score.
 */
export const averagePrecision: ImportanceScore = {
  name: "average-precision",
  label: { en: "average precision", "zh-CN": "平均精确率" },
  direction: "higher",
  needs: "score",
  evaluate(truth, outputs, into, factor) {
    const { rows } = truth;
    const positive = truth.positive ?? noBytes;
    const scores = outputs.score ?? noScores;
    const ups = sorted(scores, positive, rows, 1);
    const downs = sorted(scores, positive, rows, 0);
    const total = ups.length;
    if (total === 0) return Number.NaN;
    // At the threshold of every positive, in rising order: the precision, and sums over the thresholds up to it.
    const precision = new Float64Array(total);
    const gains = new Float64Array(total + 1);
    const costs = new Float64Array(total + 1);
    let sum = 0;
    for (let place = 0; place < total; place++) {
      const score = ups[place] ?? 0;
      const trueAbove = total - below(ups, score, false);
      const above = trueAbove + downs.length - below(downs, score, false);
      const share = trueAbove / above;
      precision[place] = share;
      sum += share;
      gains[place + 1] = (gains[place] ?? 0) + 1 / above;
      costs[place + 1] = (costs[place] ?? 0) + share / above;
    }
    const value = sum / total;
    const scale = (factor * rows) / total;
    for (let row = 0; row < rows; row++) {
      const score = scores[row] ?? 0;
      const upTo = below(ups, score, true);
      const own = positive[row] === 1 ? (precision[upTo - 1] ?? 0) - value + (gains[upTo] ?? 0) : 0;
      into[row] = (into[row] ?? 0) + scale * (own - (costs[upTo] ?? 0));
    }
    return value;
  },
};
