import { CompensatedSum } from "./compensated-sum.ts";
import type { ScoreCurve } from "./score-curve.ts";

/** One equal-width bin of a probability: what was predicted and what came. Empty bins are left out of lists. */
export interface ReliabilityBin {
  /** Scores in (from, to]; the first bin holds 0 too. */
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  /** Σw. */
  readonly weight: number;
  /** Weighted means of score and label. */
  readonly score: number;
  readonly rate: number;
  /** Σw²(y − s)², the spread of the gap about 0. */
  readonly gapSquares: number;
  /** Σw²·s(1 − s), its spread where the scores are true. */
  readonly nullSquares: number;
  /** Σw². */
  readonly squares: number;
  /** Index in the curve of the first score in the bin, and past the last. */
  readonly first: number;
  readonly end: number;
}

/**
 * Bins a probability into `bins` of equal width. Edges are numpy's `linspace(0, 1, bins + 1)` and belong to the bin below,
 * as in scikit-learn's `calibration_curve`.
 */
export function reliabilityBins(curve: ScoreCurve, bins: number): ReliabilityBin[] {
  const { scores, positive, negative, positiveSquares, negativeSquares } = curve;
  const list: ReliabilityBin[] = [];
  const unweighted = positive === positiveSquares;
  let index = 0;
  for (let bin = 0; bin < bins; bin++) {
    const edge = bin === bins - 1 ? 1 : (bin + 1) * (1 / bins);
    const first = index;
    const weights = new CompensatedSum();
    const predicted = new CompensatedSum();
    const came = new CompensatedSum();
    const gaps = new CompensatedSum();
    const noise = new CompensatedSum();
    let squares = 0;
    for (; index < scores.length && (scores[index] ?? 0) <= edge; index++) {
      const score = scores[index] ?? 0;
      const up = positive[index] ?? 0;
      const down = negative[index] ?? 0;
      const upSquare = positiveSquares[index] ?? 0;
      const downSquare = negativeSquares[index] ?? 0;
      weights.add(up + down);
      predicted.add((up + down) * score);
      came.add(up);
      gaps.add(upSquare * (1 - score) ** 2 + downSquare * score * score);
      noise.add((upSquare + downSquare) * score * (1 - score));
      squares += upSquare + downSquare;
    }
    const weight = weights.value;
    if (!(weight > 0)) continue;
    list.push({
      from: bin === 0 ? 0 : bin * (1 / bins),
      to: edge,
      rows: unweighted ? weight : (weight * weight) / squares,
      weight,
      score: predicted.value / weight,
      rate: came.value / weight,
      gapSquares: gaps.value,
      nullSquares: noise.value,
      squares,
      first,
      end: index,
    });
  }
  return list;
}
