import { AssayError } from "@assay/schema";
import type { DeviceTable, PermutedView } from "../../device-table.ts";
import type { LoadedForest } from "./load.ts";
import { predictOnCpu } from "./on-cpu.ts";

export { type LoadedForest, loadForest } from "./load.ts";

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
  if (out.length > 0) await predictOnCpu(loaded, table, view, rows, out);
  return out;
}

function checkTable({ device, inputs, packed }: LoadedForest, table: DeviceTable, view: PermutedView | null): void {
  if (table.device !== device || (view && view.device !== device)) {
    throw new AssayError(
      "internal",
      `forest: forest, table and view must be on one device; the forest is on ${device.name}`,
    );
  }
  if (table.columns !== inputs) {
    throw new AssayError("internal", `forest: the table has ${table.columns} columns, the forest reads ${inputs}`);
  }
  if (!view) return;
  if (view.slotOf.length !== table.columns) {
    throw new AssayError(
      "internal",
      `forest: the view has slots for ${view.slotOf.length} columns of ${table.columns}`,
    );
  }
  const short = packed.columns.find(({ source }) => (view.slotOf[source] ?? -1) < 0);
  if (view.rows > table.rows && short) {
    throw new AssayError(
      "internal",
      `forest: the view has ${view.rows} rows, the table ${table.rows}, and column ${short.source} is read as it is`,
    );
  }
}
