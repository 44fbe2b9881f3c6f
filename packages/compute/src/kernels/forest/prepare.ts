import type { DeviceBuffer } from "../../device.ts";
import type { DeviceTable } from "../../device-table.ts";
import { checkTable } from "./check-table.ts";
import type { LoadedForest } from "./load.ts";
import { keepOnCpu, keptBytesOf, widthOf } from "./on-cpu.ts";

/** Where rows come to in each tree, and their sums, on the device: see forestKeep. */
export interface KeptLeaves {
  readonly slots: DeviceBuffer;
  readonly sums: DeviceBuffer;
  /** Bytes of a slot. */
  readonly width: 1 | 2 | 4;
}

/** A forest beside a table, ready for many permutations of its columns. */
export interface PreparedForest {
  readonly loaded: LoadedForest;
  readonly table: DeviceTable;
  /** Null where every call finds the leaves anew. */
  readonly kept: KeptLeaves | null;
  free(): void;
}

/** Where leaves would take more, they are found anew in every call, chunk after chunk. */
const mostKeptBytes = 2 ** 28;

/**
 * Sends a table's rows through a forest once and keeps where they came to, so that `predictPermuted` has to do only with
 * what permutations change. The caller frees it, before the forest and the table.
 * @throws AssayError internal for buffers of another device or shapes that do not fit; device-out-of-memory
 */
export async function prepareForest(loaded: LoadedForest, table: DeviceTable): Promise<PreparedForest> {
  checkTable(loaded, table, null);
  const { device } = loaded;
  const bytes = keptBytesOf(loaded, table.rows);
  const keeps = device.name === "cpu" && bytes.slots + bytes.sums <= mostKeptBytes;
  if (!keeps) return { loaded, table, kept: null, free: () => {} };
  const slots = device.allocate(bytes.slots);
  const sums = device.allocate(bytes.sums);
  const free = () => {
    slots.free();
    sums.free();
  };
  const kept = { slots, sums, width: widthOf(loaded) };
  try {
    await keepOnCpu(loaded, table, kept, 0, table.rows);
  } catch (error) {
    free();
    throw error;
  }
  return { loaded, table, kept, free };
}
