// The cpu device's WASM module: one export for each kernel entry. Memory is the host's to hand out, from heapBase() on.
// Every thread has an instance of its own over the same memory: globals are a thread's, static memory is read only.
export { boostGradients, boostGrow, boostHistogram, boostLargest, boostLoss } from "../kernels/boost/cpu.as";
export { classesAdd, classesCopy, classesFind, classesPlace } from "../kernels/classes/cpu.as";
export { confusionDistances, confusionValues, permuteConfusion, resampleConfusion } from "../kernels/confusion/cpu.as";
export { densePredict, denseShift } from "../kernels/dense/cpu.as";
export { forestBounds, forestKeep, forestPermuted, forestPermutedColumn, forestPredict } from "../kernels/forest/cpu.as";
export { logisticHessian, logisticPass } from "../kernels/logistic/cpu.as";
export { nearestPack, nearestSearch } from "../kernels/nearest/cpu.as";
export { permute, shuffleIndexes } from "../kernels/permute/cpu.as";
export { philoxWords } from "../kernels/philox/cpu.as";
export { reduceAll, reduceGroups, reduceMerge, reduceTops } from "../kernels/reduce/cpu.as";
export {
  ranksCount,
  ranksEntries,
  ranksLay,
  ranksRange,
  ranksSort,
} from "../kernels/ranks/cpu.as";
export { resample } from "../kernels/resample/cpu.as";
export { scanSpread } from "../kernels/scan/cpu.as";
export { slicesCheck, slicesCount, slicesCountTimes } from "../kernels/slices/cpu.as";
export { tallyBytes, tallyCells, tallyCount, tallyCountTimes, tallyWeigh, tallyWeightRange } from "../kernels/tally/cpu.as";
export {
  treeShapAdd,
  treeShapAddMixed,
  treeShapAlive,
  treeShapAliveScratch,
  treeShapBuild,
  treeShapCollect,
  treeShapCount,
  treeShapCovers,
  treeShapCoversScratch,
  treeShapDeep,
  treeShapDeepScratch,
  treeShapRank,
  treeShapRows,
  treeShapShare,
  treeShapWeigh,
} from "../kernels/tree-shap/cpu.as";
export { elementary } from "../numbers/cpu.as";
export { startThread } from "../random/philox.as";

export function heapBase(): usize {
  return __heap_base;
}
