import type { DeviceTable, PermutedView } from "../../device-table.ts";
import { checkTable } from "./check-table.ts";
import type { LoadedForest } from "./load.ts";
import { predictOnCpu } from "./on-cpu.ts";
import { predictOnGpu } from "./on-gpu.ts";

export interface PredictForestOptions {
  /** Other rows for some columns; its rows are those predicted. */
  readonly view?: PermutedView;
}

/**
 * The forest's sums for every row: float64[rows × outputs], base + Σ leaves, before any link.
 *
 * Comparisons are exact, those of missing values, infinities, subnormal numbers and zeros of either sign too. Leaves are
 * added as 64-bit integers (see fixed-point.ts), so that every device, thread count and chunk gives the same bits. With B
 * the largest |base + Σ leaves| that the trees allow, a sum is off by at most (trees + 1) · 2^−62 · B before it is rounded
 * to float64; where leaves are float32 and within 2^30 / trees of each other, as ONNX files have them, it is the exact sum
 * rounded once. Adding float64 in the order of the trees, as scikit-learn does, errs by more: up to trees · 2^−53 · B.
 *
 * The floor: 4 bytes read for each column asked and 8 × outputs bytes written a row, and a comparison for each decision.
 * The comparisons bound the cpu: it does those of the first four levels for all nodes, 16 rows at once, which takes fewer than
 * half the instructions of going from node to node, and the others one by one, about nine instructions each. They bound a
 * GPU too, with about ten instructions and two loads each: a key of the row's own, and a node, for which the rows of a warp
 * ask in several lines of the cache.
 * @throws AssayError internal for buffers of another device or shapes that do not fit
 */
export async function predictForest(
  loaded: LoadedForest,
  table: DeviceTable,
  options: PredictForestOptions = {},
): Promise<Float64Array> {
  const view = options.view ?? null;
  checkTable(loaded, table, view);
  const rows = view?.rows ?? table.rows;
  const out = new Float64Array(rows * loaded.outputs);
  if (out.length > 0) {
    await (loaded.device.name === "cpu" ? predictOnCpu : predictOnGpu)(loaded, table, view, rows, out);
  }
  return out;
}
