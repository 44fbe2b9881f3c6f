import { AssayError } from "@assay/schema";
import type { Device } from "../../device.ts";
import type { DeviceTable } from "../../device-table.ts";
import { checkNearest, checkValues } from "./check.ts";
import { searchOnCpu } from "./on-cpu.ts";
import { searchOnGpu } from "./on-gpu.ts";

export interface NearestInput {
  /** m rows and n rows with the same columns, on the device. They may be one table. */
  readonly queries: DeviceTable;
  readonly references: DeviceTable;
  /** Neighbours of each query: 1 to 128. */
  readonly k: number;
  /** Query i does not count reference i: for the neighbours of a table's rows among themselves. */
  readonly excludeSelf?: boolean;
  /** float32[columns] that differences are multiplied by, finite; none are 1. */
  readonly scales?: Float32Array;
  /** The most queries (or a few more) whose lists are on the device at once; as many as are good for it where not given. */
  readonly rowsAtOnce?: number;
}

export interface Nearest {
  /** Rows of the references, u32[m × k]: nearest first, of equally near ones the lower row first. */
  readonly indexes: Uint32Array;
  /** Their squared distances, float32[m × k]. */
  readonly distances: Float32Array;
}

/**
 * The k references with the smallest squared Euclidean distance from each query, by comparing all of them.
 *
 * A distance is the float32 sum, column after column, of the float32 squares of (query − reference) · scale. All terms
 * are positive, so it has a relative error below (columns + 5) · 2^−24 against `nearestReference`, however near the rows
 * lie. (|q|² + |r|² − 2 q·r would be a matrix product, twice as fast, but its error is relative to the norms: near rows far
 * from the origin would lose all digits, and equal rows be apart.) Order and rounding are the same everywhere, so the
 * result is the same bits on every device and for any number of threads; but what is below 2^−126 may be 0 on a GPU.
 *
 * Floor: m × n × columns × 3 operations (subtract, multiply, add): bound by arithmetic on every device. On cpu about a
 * tenth of a nanosecond for each; pairs that are too far apart after some of their columns are left there, which saves the
 * more the more columns there are.
 * @throws AssayError usage for a k out of range; data-invalid for tables of different columns, fewer references than k, a
 *   value that is missing or infinite, with its place, and distances beyond float32; data-too-large; device-out-of-memory
 */
export async function nearest(device: Device, input: NearestInput): Promise<Nearest> {
  checkNearest(device, input);
  const { queries, k } = input;
  const indexes = new Uint32Array(queries.rows * k);
  const distances = new Float32Array(queries.rows * k);
  if (queries.rows === 0) return { indexes, distances };
  const search = device.name === "cpu" ? searchOnCpu : searchOnGpu;
  await search(device, input, checkValues, { indexes, distances });
  const none = indexes.indexOf(4294967295);
  if (none !== -1) {
    throw new AssayError(
      "data-invalid",
      `nearest: query ${Math.floor(none / k)} has distances beyond float32; scale the columns down`,
    );
  }
  return { indexes, distances };
}
