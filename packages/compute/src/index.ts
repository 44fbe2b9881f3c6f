export type { Bench, PreparedBench } from "./bench.ts";
export * from "./device.ts";
export { allocateView, type DeviceTable, type PermutedView, uploadTable, uploadView } from "./device-table.ts";
export type { DeviceKind, OpenOptions } from "./devices/index.ts";
export { threadLimit } from "./devices/start-cpu-thread.ts";
export { addExact, type ExactSum, exactFromInteger, exactFromNumber, exactParts, exactToNumber } from "./exact-sum.ts";
export { byEquality, type Forest, floorFloat32, missingLeft, previousFloat32 } from "./forest.ts";
export type { GpuEntry, GpuScalar } from "./gpu-entry.ts";
export {
  type BinnedTable,
  Boosting,
  type BoostLoss,
  type BoostTargets,
  type GrownTree,
  LoadedBins,
  loadBins,
  type TreeOptions,
} from "./kernels/boost/index.ts";
export { type Classes, type ClassesInput, classes, noClass } from "./kernels/classes/index.ts";
export {
  confusionDistances,
  confusionValues,
  permuteConfusion,
  resampleConfusion,
} from "./kernels/confusion/index.ts";
export type { ConfusionMetric } from "./kernels/confusion/metric.ts";
export { greatestDistance } from "./kernels/confusion/reference.ts";
export {
  type LoadedNetwork,
  loadNetwork,
  type PreparedNetwork,
  predictNetwork,
  predictShifted,
  prepareNetwork,
} from "./kernels/dense/index.ts";
export {
  type LoadedForest,
  loadForest,
  type PermutedInput,
  type PredictForestOptions,
  type PreparedForest,
  predictForest,
  predictPermuted,
  prepareForest,
} from "./kernels/forest/index.ts";
export { kernels } from "./kernels/index.ts";
export { LoadedLogistic, type LogisticPass, type LogisticTargets, loadLogistic } from "./kernels/logistic/index.ts";
export { type Nearest, type NearestInput, nearest } from "./kernels/nearest/index.ts";
export { type PermuteInput, permute } from "./kernels/permute/index.ts";
export { shuffledIndex } from "./kernels/permute/shuffled-index.ts";
export { type ShuffledIndexesInput, shuffledIndexes } from "./kernels/permute/shuffled-indexes.ts";
export { type PhiloxWordsInput, philoxWords } from "./kernels/philox/index.ts";
export { type RankCodes, type Ranks, type RanksInput, ranks } from "./kernels/ranks/index.ts";
export { type ReduceInput, reduce } from "./kernels/reduce/index.ts";
export { type Moments, mean, mergeMoments, noMoments, variance } from "./kernels/reduce/moments.ts";
export { type ResampleInput, resample } from "./kernels/resample/index.ts";
export { type SlicesInput, slices } from "./kernels/slices/index.ts";
export { type Tally, type TallyInput, tally } from "./kernels/tally/index.ts";
export {
  type CoalitionLink,
  type CoalitionOptions,
  type LoadedCoalitions,
  loadCoalitions,
  maxCoalitionPlayers,
} from "./kernels/tree-shap/coalitions.ts";
export { countCovers } from "./kernels/tree-shap/count-covers.ts";
export {
  type ExplainedRows,
  type Explanation,
  explain,
  explainInteractions,
  explainRowInteractions,
  explainRows,
  type LoadedTreeShap,
  loadTreeShap,
  type TreeShapOptions,
} from "./kernels/tree-shap/index.ts";
export { gaussLegendre } from "./kernels/tree-shap/quadrature.ts";
export { type Activation, activations, type DenseLayer, type Network } from "./network.ts";
export { exp, log, log1p } from "./numbers/elementary.ts";
export { logFactorial, logFactorialStep } from "./numbers/log-factorial.ts";
export { openDevice, probeDevices } from "./open-device.ts";
export { binomial } from "./random/binomial.ts";
export { hypergeometric } from "./random/hypergeometric.ts";
export { type PhiloxBlock, philox } from "./random/philox.ts";
export { PhiloxStream } from "./random/philox-stream.ts";
export { type DeviceChoice, type DeviceRun, isDeviceFailure, runOnDevice } from "./run-on-device.ts";
export {
  type SelfTestOptions,
  type SelfTestResult,
  selfTest,
  type TrialName,
  type TrialResult,
  type TrialUnit,
  trials as selfTestTrials,
} from "./self-test/index.ts";
