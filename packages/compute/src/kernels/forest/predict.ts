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
