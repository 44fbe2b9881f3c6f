import { AssayError } from "@assay/schema";
import type { DeviceTable, PermutedView } from "../../device-table.ts";
import type { LoadedForest } from "./load.ts";

/** Holds a table and a view to a forest: one device, and shapes that fit. */
export function checkTable(
  { device, inputs, packed }: LoadedForest,
  table: DeviceTable,
  view: PermutedView | null,
): void {
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
