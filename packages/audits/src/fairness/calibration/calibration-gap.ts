import type { Interval } from "../../statistics/index.ts";
import { CompensatedSum, normalCdf, poissonBinomial, type ScoreCurve, wilsonAt } from "../../statistics/index.ts";

/** How far outcomes lie above (+) or below (−) what the scores say, on average. */
export interface CalibrationGap {
  /** Share positive − mean score. */
  readonly value: number;
  readonly score: number;
  readonly rate: number;
  readonly n: number;
  readonly standardError: number;
  /** Chance of a gap as large if every score were the true probability, two-sided. */
  readonly p: number;
  /** Interval at a critical value. */
  interval(z: number): Interval;
}

/**
 * Calibration in the large: mean of label − score. Interval: the arms of Wilson's for the share positive, made as
 * much longer or shorter as the spread of label − score is than that of the label.
 * Test: labels drawn from the scores, exactly (Poisson binomial) where few matter, else as a normal. Weighted rows enter
 * by Σw and Σw². Null where there are no rows.
 * B. Van Calster et al., BMC Medicine 17 (2019) 230, doi:10.1186/s12916-019-1466-7.
 */
export function calibrationGap(curve: ScoreCurve): CalibrationGap | null {
  const { scores, positive, negative, positiveSquares, negativeSquares, totals } = curve;
  const weight = totals.positive + totals.negative;
  if (!(weight > 0)) return null;
  const said = new CompensatedSum();
  for (let index = 0; index < scores.length; index++) {
    said.add(((positive[index] ?? 0) + (negative[index] ?? 0)) * (scores[index] ?? 0));
  }
  const score = said.value / weight;
  const rate = totals.positive / weight;
  const value = rate - score;
  const spread = new CompensatedSum();
  const expected = new CompensatedSum();
  for (let index = 0; index < scores.length; index++) {
    const s = scores[index] ?? 0;
    const up = positiveSquares[index] ?? 0;
    const down = negativeSquares[index] ?? 0;
    spread.add(up * (1 - s - value) ** 2 + down * (s + value) ** 2);
    expected.add((up + down) * s * (1 - s));
  }
  const n = totals.positiveRows + totals.negativeRows;
  const rows = (weight * weight) / totals.squares;
  const variance = (spread.value / (weight * weight)) * (rows / Math.max(1, rows - 1));
  // Where all labels are one, or nothing is spread, the rows themselves are what is known.
  const own = rate * (1 - rate);
  const scale = own > 0 && variance > 0 ? Math.sqrt((variance * rows) / own) : 1;
  const smooth = (rate * rows + 1) / (rows + 2);
  return {
    value,
    score,
    rate,
    n,
    standardError: variance > 0 ? Math.sqrt(variance) : Math.sqrt((smooth * (1 - smooth)) / rows),
    p: gapTest(curve, value * weight, expected.value),
    interval: (z) => {
      const { low, high } = wilsonAt(rate * rows, rows, z);
      return { low: value - scale * Math.max(0, rate - low), high: value + scale * Math.max(0, high - rate) };
    },
  };
}

/** Below this variance of the number positive the normal is not near enough. */
const enoughForNormal = 400;

function gapTest(curve: ScoreCurve, gap: number, variance: number): number {
  const unweighted = curve.positive === curve.positiveSquares;
  if (unweighted && variance < enoughForNormal) {
    const counts = curve.positive.map((up, index) => up + (curve.negative[index] ?? 0));
    const distribution = poissonBinomial(curve.scores, counts, 8192);
    if (distribution !== null) {
      let below = 0;
      let above = 0;
      for (const [index, probability] of distribution.probabilities.entries()) {
        const count = distribution.least + index;
        if (count <= curve.totals.positive) below += probability;
        if (count >= curve.totals.positive) above += probability;
      }
      return Math.min(1, 2 * Math.min(below, above));
    }
  }
  if (!(variance > 0)) return gap === 0 ? 1 : 0;
  return Math.min(1, 2 * normalCdf(-Math.abs(gap) / Math.sqrt(variance)));
}
