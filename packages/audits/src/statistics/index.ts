export { averagePrecision } from "./average-precision.ts";
export { betaCdf, betaQuantile, logGamma } from "./beta.ts";
export { type BcaInput, bcaInterval, percentileInterval } from "./bootstrap.ts";
export { type CalibrationError, calibrationError } from "./calibration-error.ts";
export { clopperPearson } from "./clopper-pearson.ts";
export { CompensatedSum } from "./compensated-sum.ts";
export { type Auc, deLong, newcombeAuc } from "./delong.ts";
export { detectableDifference } from "./detectable-difference.ts";
export { distributionDriftPs } from "./distribution-drift.ts";
export { type EffectiveCounts, effectiveCounts } from "./effective-counts.ts";
export { correctedRange, expectedRange, rangeOf } from "./expected-range.ts";
export { fisherExact } from "./fisher-exact.ts";
export { fisherGreater } from "./fisher-greater.ts";
export { gammaCdf, gammaTail } from "./gamma.ts";
export { type GapCounts, gapChange, gapDriftPs } from "./gap-drift.ts";
export { garwood } from "./garwood.ts";
export { holdNull } from "./hold-null.ts";
export { hypergeometricTails } from "./hypergeometric-tails.ts";
export { independentCount } from "./independent-count.ts";
export type { Interval } from "./interval.ts";
export { logitInterval } from "./logit-interval.ts";
export { mantelHaenszelDifference, type StratumCounts } from "./mantel-haenszel.ts";
export {
  addNumbers,
  hasSpread,
  type MeanCounts,
  type MeanPair,
  meanChange,
  meanDriftPs,
  meanGapChange,
  meanGapDriftPs,
  noNumbers,
} from "./mean-drift.ts";
export { type MeanLoss, meanLoss } from "./moment-interval.ts";
export { type Bounded, differenceInterval, meanInterval, ratioInterval } from "./mover.ts";
export { benjaminiHochberg, holm } from "./multiplicity.ts";
export { type MutualInformation, mutualInformation } from "./mutual-information.ts";
export { criticalValue, normalCdf, normalQuantile } from "./normal.ts";
export { fewestForOrderInterval, orderInterval } from "./order-interval.ts";
export { type PairedAuc, pairedAuc, type ScoredPairs } from "./paired-auc.ts";
export { type PairedGain, pairedGain } from "./paired-gain.ts";
export { type PairedLoss, pairedLoss } from "./paired-loss.ts";
export { poissonBinomial } from "./poisson-binomial.ts";
export { quantile, quantiles } from "./quantile.ts";
export { rangeDifferenceInterval, rangeRatioInterval, simultaneousCritical } from "./range-interval.ts";
export { type RateCounts, rateChangeInterval, rateDriftPs, rateSequence } from "./rate-drift.ts";
export { type ReliabilityBin, reliabilityBins } from "./reliability.ts";
export { isProbability, rocPoints, type ScoreCounts, type ScoreCurve, scoreCurve } from "./score-curve.ts";
export { type StabilityIndex, stabilityIndex } from "./stability-index.ts";
export { studentCdf, studentQuantile } from "./student.ts";
export { normalRangeCdf, normalRangeQuantile } from "./studentized-range.ts";
export { type WelchGroup, welchTest } from "./welch.ts";
export { wilson, wilsonAt } from "./wilson.ts";
