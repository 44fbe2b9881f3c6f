import { CompensatedSum } from "./compensated-sum.ts";

/**
 * Everything a data set says about a score and a binary label: the sorted unique scores, and the weight of positive
 * and negative rows at each. Without weights, weights and their squares are the counts. One pass over it gives every
 * threshold, ROC, AUC, precision–recall, calibration and Brier score.
 */
export interface ScoreCurve {
  /** Unique, ascending. */
  readonly scores: Float64Array;
  /** Σw of positive and negative rows at each score. */
  readonly positive: Float64Array;
  readonly negative: Float64Array;
  /** Σw² of the same rows. */
  readonly positiveSquares: Float64Array;
  readonly negativeSquares: Float64Array;
  readonly totals: {
    readonly positive: number;
    readonly negative: number;
    readonly squares: number;
    readonly positiveRows: number;
    readonly negativeRows: number;
  };
}

/** The summary's form: one entry per unique score (or score and weight), with its rows. All arrays are of one length. */
export interface ScoreCounts {
  /** Ascending; ties, which only weights can make, stand together. */
  readonly scores: Float64Array;
  /** The weight of each entry's rows; null where there are no weights. */
  readonly weights: Float64Array | null;
  readonly positive: ArrayLike<number>;
  readonly negative: ArrayLike<number>;
}

/**
 * Folds entries of one score together. Sums run in key order, so that they do not depend on shards. Rows of weight 0 are
 * counted as rows; their scores are no thresholds.
 */
export function scoreCurve(all: ScoreCounts): ScoreCurve {
  const counts = withoutWeightless(all);
  const { scores, weights } = counts;
  const entries = scores.length;
  let unique = 0;
  for (let index = 0; index < entries; index++) if (index === 0 || scores[index] !== scores[index - 1]) unique++;
  const merged = unique === entries ? scores : new Float64Array(unique);
  const positive = new Float64Array(unique);
  const negative = new Float64Array(unique);
  const positiveSquares = weights ? new Float64Array(unique) : positive;
  const negativeSquares = weights ? new Float64Array(unique) : negative;
  let { positiveRows, negativeRows } = counts;
  for (let index = 0, place = -1; index < entries; index++) {
    if (index === 0 || scores[index] !== scores[index - 1]) place++;
    const up = counts.positive[index] ?? 0;
    const down = counts.negative[index] ?? 0;
    const weight = weights?.[index] ?? 1;
    if (merged !== scores) merged[place] = scores[index] ?? 0;
    positive[place] = (positive[place] ?? 0) + weight * up;
    negative[place] = (negative[place] ?? 0) + weight * down;
    if (weights) {
      positiveSquares[place] = (positiveSquares[place] ?? 0) + weight * weight * up;
      negativeSquares[place] = (negativeSquares[place] ?? 0) + weight * weight * down;
    }
    positiveRows += up;
    negativeRows += down;
  }
  const total = (values: Float64Array): number => {
    const sum = new CompensatedSum();
    for (let index = 0; index < unique; index++) sum.add(values[index] ?? 0);
    return sum.value;
  };
  return {
    scores: merged,
    positive,
    negative,
    positiveSquares,
    negativeSquares,
    totals: {
      positive: total(positive),
      negative: total(negative),
      squares: total(positiveSquares) + total(negativeSquares),
      positiveRows,
      negativeRows,
    },
  };
}

/** The entries of weight above 0, and the rows of the others. */
function withoutWeightless(all: ScoreCounts): ScoreCounts & { positiveRows: number; negativeRows: number } {
  const { weights } = all;
  if (!weights?.includes(0)) return { ...all, positiveRows: 0, negativeRows: 0 };
  let positiveRows = 0;
  let negativeRows = 0;
  for (const [index, weight] of weights.entries()) {
    if (weight > 0) continue;
    positiveRows += all.positive[index] ?? 0;
    negativeRows += all.negative[index] ?? 0;
  }
  const kept = (values: ArrayLike<number>): Float64Array =>
    Float64Array.from(values).filter((_, index) => (weights[index] ?? 0) > 0);
  return {
    scores: kept(all.scores),
    weights: kept(weights),
    positive: kept(all.positive),
    negative: kept(all.negative),
    positiveRows,
    negativeRows,
  };
}

/** True where every score can be read as a probability: Brier score, log loss and calibration need it. */
export function isProbability(curve: ScoreCurve): boolean {
  const { scores } = curve;
  return scores.length > 0 && (scores[0] ?? -1) >= 0 && (scores[scores.length - 1] ?? 2) <= 1;
}

/**
 * The ROC curve from (0, 0) to (1, 1), one point per threshold, thinned to at most `most` points by even steps along
 * its length (so that no corner of a short curve is lost). Null where a class has no rows.
 */
export function rocPoints(curve: ScoreCurve, most: number): [number, number][] | null {
  const { totals, scores } = curve;
  if (!(totals.positive > 0) || !(totals.negative > 0)) return null;
  const points: [number, number][] = [[0, 0]];
  let up = 0;
  let down = 0;
  const every = scores.length + 1 <= most ? 0 : 2 / (most - 2);
  let [lastX, lastY] = [0, 0];
  for (let index = scores.length - 1; index >= 0; index--) {
    up += curve.positive[index] ?? 0;
    down += curve.negative[index] ?? 0;
    const x = Math.min(1, down / totals.negative);
    const y = Math.min(1, up / totals.positive);
    if (index === 0) points.push([1, 1]);
    else if (x - lastX + (y - lastY) >= every) {
      points.push([x, y]);
      lastX = x;
      lastY = y;
    }
  }
  return points;
}
