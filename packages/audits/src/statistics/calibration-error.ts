import { exp, PhiloxStream } from "@assay/compute";
import type { Interval } from "./interval.ts";
import { normalCdf } from "./normal.ts";
import { poissonBinomial } from "./poisson-binomial.ts";
import { quantile } from "./quantile.ts";
import { type ReliabilityBin, reliabilityBins } from "./reliability.ts";
import type { ScoreCurve } from "./score-curve.ts";

export interface CalibrationErrorOptions {
  readonly bins: number;
  readonly confidence: number;
  readonly replicates: number;
  readonly seed: number;
  readonly stream: number;
}

export interface CalibrationError {
  /** Σ w |rate − score|, as it stands in the data: too large on average. */
  readonly value: number;
  /** Less the part that chance alone adds, 0 at least. */
  readonly debiased: number;
  /** Of the true error; reaches 0 where the test does not reject. */
  readonly interval: Interval;
  /** Chance of so large an error if every score were the true probability. */
  readonly p: number;
  readonly bins: readonly ReliabilityBin[];
}

/** Bins whose label count has at least this variance are drawn as normal in the null. */
const enoughForNormal = 25;

/**
 * Expected calibration error in equal-width bins, with what it needs to be believed. Being a sum of absolute values it is
 * biased upward: a perfectly calibrated score has an error above 0.
 *
 * - `p`: labels are drawn from the scores themselves (consistency resampling: J. Bröcker and L. A. Smith, Weather and
 *   Forecasting 22 (2007) 651–661, doi:10.1175/WAF993.1), exactly as a Poisson binomial in thin bins.
 * - `debiased`: less the expected excess of the absolute values under normal noise, in closed form (A. Kumar, P. Liang and
 *   T. Ma, Verified Uncertainty Calibration, NeurIPS 2019, appendix: normal debiasing).
 * - `interval`: of the true gaps that the error seen does not contradict, with the joint normal noise of all bins, sizes of
 *   bins included. How much noise adds depends on how the gaps are spread over bins, which is not known: the lower end is
 *   the lower of gaps in the proportions seen and of few real ones, the upper the higher of those and of even ones.
 *
 * M. P. Naeini, G. F. Cooper and M. Hauskrecht, AAAI 2015, 2901–2907 (the measure). Null where there are no rows.
 */
export function calibrationError(curve: ScoreCurve, options: CalibrationErrorOptions): CalibrationError | null {
  const bins = reliabilityBins(curve, options.bins);
  const weight = curve.totals.positive + curve.totals.negative;
  if (!(weight > 0)) return null;
  const { squares } = curve.totals;
  /** Rows' worth of information: n without weights, Kish's effective size with them. */
  const rows = (weight * weight) / squares;
  const gaps = bins.map((bin) => (bin.weight / weight) * (bin.rate - bin.score));
  const value = gaps.reduce((sum, gap) => sum + Math.abs(gap), 0);

  // Noise within a bin, as a mass: share × variance of y − s. Never less than that of its smoothed rate.
  const noise = bins.map((bin, index) => {
    const share = bin.squares / squares;
    const gap = bin.rate - bin.score;
    const seen = bin.gapSquares / squares - share * gap * gap;
    const smooth = (bin.rate * bin.rows + 1) / (bin.rows + 2);
    const unbiased = bin.rows > 1 ? (seen * bin.rows) / (bin.rows - 1) : 0;
    return { share, least: Math.max(unbiased, share * smooth * (1 - smooth)), gap: gaps[index] ?? 0 };
  });

  const excess = noise.reduce((sum, { share, least, gap }) => {
    const variance = (least + (gap * gap) / share - gap * gap) / rows;
    return sum + foldedMean(Math.abs(gap), Math.sqrt(Math.max(0, variance))) - Math.abs(gap);
  }, 0);
  const debiased = Math.max(0, value - excess);

  const stream = new PhiloxStream(options.seed, options.stream);
  const p = nullTest(curve, bins, weight, value, options.replicates, stream);
  const normals = new Float64Array(options.replicates * bins.length);
  for (let index = 0; index < normals.length; index++) normals[index] = stream.normal();
  const errors = new Float64Array(options.replicates);
  /** Errors that would be seen if these were the true gaps. */
  const draw = (mean: readonly number[]): Float64Array => {
    const scale = noise.map(({ least, share }, bin) => Math.sqrt((least + (mean[bin] ?? 0) ** 2 / share) / rows));
    // Bins share one multinomial: noise is diag(scale²) − mean·meanᵀ / rows, made by taking out one common direction.
    let common = 0;
    for (let bin = 0; bin < mean.length; bin++) {
      const along = (mean[bin] ?? 0) / (scale[bin] || Number.POSITIVE_INFINITY);
      common += (along * along) / rows;
    }
    common = Math.min(1, common);
    const take = common > 0 ? (1 - Math.sqrt(1 - common)) / common : 0;
    for (let replicate = 0; replicate < errors.length; replicate++) {
      const start = replicate * mean.length;
      let together = 0;
      for (let bin = 0; bin < mean.length; bin++) {
        together += ((mean[bin] ?? 0) / (scale[bin] || Number.POSITIVE_INFINITY)) * (normals[start + bin] ?? 0);
      }
      together *= take / rows;
      let sum = 0;
      for (let bin = 0; bin < mean.length; bin++) {
        const center = mean[bin] ?? 0;
        sum += Math.abs(center + (scale[bin] ?? 0) * (normals[start + bin] ?? 0) - center * together);
      }
      errors[replicate] = sum;
    }
    return errors;
  };
  const deviations = noise.map(({ least, share, gap }) => Math.sqrt((least + (gap * gap) / share - gap * gap) / rows));
  const tail = (1 - options.confidence) / 2;
  const lows = [scaled(gaps), shrunken(gaps, deviations)].map((family) => solve(draw, family, value, 1 - tail));
  const highs = [scaled(gaps), even(gaps, deviations)].map((family) => solve(draw, family, value, tail));
  // The estimates may lie at the edge of what the test leaves; an interval holds its own estimates.
  const interval =
    value === 0
      ? { low: 0, high: Math.min(1, quantile(draw(gaps), options.confidence)) }
      : { low: Math.min(...lows, debiased), high: Math.min(1, Math.max(...highs, value)) };
  return { value, debiased, interval, p, bins };
}

/** The mean of |N(mean, deviation²)|, mean ≥ 0. */
function foldedMean(mean: number, deviation: number): number {
  if (!(deviation > 0)) return mean;
  const ratio = mean / deviation;
  return deviation * Math.sqrt(2 / Math.PI) * exp((-ratio * ratio) / 2) + mean * (1 - 2 * normalCdf(-ratio));
}

function nullTest(
  curve: ScoreCurve,
  bins: readonly ReliabilityBin[],
  weight: number,
  value: number,
  replicates: number,
  stream: PhiloxStream,
): number {
  const weighted = curve.positive !== curve.positiveSquares;
  const thin = bins.map((bin) => {
    if (weighted || bin.nullSquares >= enoughForNormal) return null;
    const counts = new Float64Array(bin.end - bin.first);
    for (let index = bin.first; index < bin.end; index++) {
      counts[index - bin.first] = (curve.positive[index] ?? 0) + (curve.negative[index] ?? 0);
    }
    const distribution = poissonBinomial(curve.scores.subarray(bin.first, bin.end), counts, 4096);
    if (distribution === null) return null;
    const cumulative = new Float64Array(distribution.probabilities.length);
    let sum = 0;
    for (let index = 0; index < cumulative.length; index++) {
      sum += distribution.probabilities[index] ?? 0;
      cumulative[index] = sum;
    }
    return { least: distribution.least, cumulative };
  });
  // Equal errors come out a bit apart in their last digits.
  const bound = value * (1 - 1e-12);
  let reached = 0;
  for (let replicate = 0; replicate < replicates; replicate++) {
    let sum = 0;
    for (const [index, bin] of bins.entries()) {
      const exact = thin[index];
      if (exact) {
        const uniform = stream.uniform();
        let place = 0;
        while (place < exact.cumulative.length - 1 && (exact.cumulative[place] ?? 1) <= uniform) place++;
        sum += Math.abs(exact.least + place - bin.score * bin.weight);
      } else {
        sum += Math.abs(stream.normal()) * Math.sqrt(bin.nullSquares);
      }
    }
    if (sum / weight >= bound) reached++;
  }
  return (reached + 1) / (replicates + 1);
}

/** True gaps by one number t: none at 0, more as it grows. */
type Family = (t: number) => readonly number[];

/** In the proportions seen. */
function scaled(gaps: readonly number[]): Family {
  return (t) => gaps.map((gap) => t * gap);
}

/** The small ones nothing but noise, the large ones real: of one total, these look largest. */
function shrunken(gaps: readonly number[], deviations: readonly number[]): Family {
  return (t) =>
    t >= 1
      ? scaled(gaps)(t)
      : gaps.map((gap, bin) => {
          const threshold = t > 0 ? 1 / t - 1 : Number.POSITIVE_INFINITY;
          return Math.sign(gap) * Math.max(0, Math.abs(gap) - threshold * (deviations[bin] ?? 0));
        });
}

/** All equally far out of the noise: of one total, these look smallest. */
function even(gaps: readonly number[], deviations: readonly number[]): Family {
  const total = gaps.reduce((sum, gap) => sum + Math.abs(gap), 0);
  const unit = deviations.reduce((sum, deviation) => sum + deviation, 0) || 1;
  return (t) => deviations.map((deviation, bin) => ((t * total * deviation) / unit) * (Math.sign(gaps[bin] ?? 0) || 1));
}

/** The error of the member of a family at which the error seen, or a smaller one, comes in this share of draws. */
function solve(draw: (mean: readonly number[]) => Float64Array, family: Family, value: number, share: number): number {
  const below = (t: number): number => {
    const errors = draw(family(t));
    let count = 0;
    for (const error of errors) if (error <= value) count++;
    return count / errors.length;
  };
  if (below(0) <= share) return 0;
  const most = 1 / value;
  let low = 0;
  let high = 1;
  while (high < most && below(high) > share) {
    low = high;
    high = Math.min(most, high * 2);
  }
  for (let step = 0; step < 20; step++) {
    const middle = (low + high) / 2;
    if (below(middle) > share) low = middle;
    else high = middle;
  }
  return family((low + high) / 2).reduce((sum, gap) => sum + Math.abs(gap), 0);
}
