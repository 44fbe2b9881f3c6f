export { FittedTrees } from "./boosting/fitted-trees.ts";
export type { BoostingOptions } from "./boosting/options.ts";
export {
  type PrepareBoostingOptions,
  PreparedBoosting,
  prepareBoosting,
  trainBoostedTrees,
} from "./boosting/prepare-boosting.ts";
export type { InputEncoding, TextEncoding } from "./encoding.ts";
export type { FittedModel } from "./fitted-model.ts";
export { FittedLogistic } from "./logistic/fitted-logistic.ts";
export type { LogisticOptions, LogisticStart } from "./logistic/options.ts";
export {
  PreparedLogistic,
  type PrepareLogisticOptions,
  prepareLogistic,
  trainLogistic,
} from "./logistic/prepare-logistic.ts";
export type { StandardErrors } from "./logistic/standard-errors.ts";
export type { NetworkTraining } from "./network/options.ts";
export { type NetworkNames, type TrainedNetwork, trainNetwork } from "./network/train-network.ts";
export type { Labels, Targets, TrainingTable, TrainingWatch } from "./training-table.ts";
