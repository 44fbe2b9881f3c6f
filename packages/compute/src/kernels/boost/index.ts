import type { Device } from "../../device.ts";
import type { BinnedTable } from "./check.ts";
import { LoadedBins } from "./loaded-bins.ts";

export { Boosting, type BoostLoss, type BoostTargets, type TreeOptions } from "./boosting.ts";
export type { BinnedTable } from "./check.ts";
export type { GrownTree } from "./grown-tree.ts";
export { LoadedBins } from "./loaded-bins.ts";

/**
 * Puts binned columns on a device, to grow gradient-boosted trees on: best leaf first, a leaf's histogram from its rows
 * and its sibling's by subtraction, as LightGBM (Ke et al., NeurIPS 2017) and scikit-learn's HistGradientBoosting do.
 *
 * Gradients and hessians are rounded to integers (`unitsFor`) and summed exactly: the same bits for any number of threads,
 * and rows in another order give the same trees. Values of leaves are float32, as model files hold them.
 *
 * Runs on `device.host` whatever device is given: a small leaf's histogram takes microseconds, and each split waits for
 * the one before.
 * Floor: for each tree rows × columns additions of a pair at the root, and at most half of those at each level below.
 * @throws AssayError data-invalid, data-too-large, device-out-of-memory
 */
export function loadBins(device: Device, table: BinnedTable): LoadedBins {
  return new LoadedBins(device, table);
}
