export { type LoadedForest, loadForest } from "./load.ts";
export { type PermutedInput, predictPermuted } from "./permuted.ts";
export { type PredictForestOptions, predictForest } from "./predict.ts";
export { type PreparedForest, prepareForest } from "./prepare.ts";
