import { AssayError } from "@assay/schema";
import type { DeviceBuffer } from "../../device.ts";
import { permuteOnCpu } from "./on-cpu.ts";
import { permuteOnGpu } from "./on-gpu.ts";
import { predictForest } from "./predict.ts";
import type { PreparedForest } from "./prepare.ts";

export interface PermutedInput {
  /** Columns of the table that are read through the indexes, all through the same. */
  readonly columns: readonly number[];
  /** u32[repeats × rows] on the table's device: row indexes, each below the table's rows. */
  readonly indexes: DeviceBuffer;
  readonly repeats: number;
}

/**
 * Predictions with some columns permuted, many times: float64[repeats × rows × outputs]; those of a repeat are the bits
 * that `predictForest` gives over the view in which the columns are read through the repeat's indexes.
 *
 * On the cpu a row's way through a tree serves all repeats and all calls. Each leaf has bounds: what a row's value in the
 * columns must be for the row to come there still. Only where a repeat's value lies outside them does the row go through
 * the tree again, from the first decision on that asks one of the columns, and once for all repeats that come to one leaf:
 * on scikit-learn's forest of the Adult data 6.5 times a row and tree for 14 columns with 10 repeats, not 140. A single
 * column's values are sorted, so that those that come to one leaf stand side by side and cost no more than their ends. On
 * a GPU trees that ask none of the columns run once for all repeats, the others once for each.
 *
 * The floor: every repeat's values are read and its sums written, (4 × columns + 8 × outputs) bytes a row and repeat, and
 * an addition for every leaf that changes.
 * @throws AssayError internal for buffers of another device or shapes that do not fit
 */
export async function predictPermuted(prepared: PreparedForest, input: PermutedInput): Promise<Float64Array> {
  const { loaded, table } = prepared;
  const { columns, indexes, repeats } = input;
  if (!Number.isInteger(repeats) || repeats < 0) {
    throw new AssayError("internal", `predictPermuted: repeats must be an integer from 0, got ${repeats}`);
  }
  const odd = columns.find((column) => !Number.isInteger(column) || column < 0 || column >= table.columns);
  if (odd !== undefined) {
    throw new AssayError("internal", `predictPermuted: column ${odd}, the table has ${table.columns}`);
  }
  if (indexes.sizeBytes < repeats * table.rows * 4) {
    throw new AssayError(
      "internal",
      `predictPermuted: ${repeats} repeats × ${table.rows} rows need ${repeats * table.rows * 4} bytes of indexes, got ${indexes.sizeBytes}`,
    );
  }
  const size = table.rows * loaded.outputs;
  const out = new Float64Array(repeats * size);
  if (out.length === 0) return out;
  const members = loaded.packed.columns.flatMap(({ source }, member) => (columns.includes(source) ? [member] : []));
  if (members.length === 0) {
    const sums = await predictForest(loaded, table);
    for (let repeat = 0; repeat < repeats; repeat++) out.set(sums, repeat * size);
  } else {
    await (loaded.device.name === "cpu" ? permuteOnCpu : permuteOnGpu)(prepared, input, members, out);
  }
  return out;
}
