import { AssayError } from "@assay/schema";
import type { Device, DeviceBuffer } from "./device.ts";

/** Numeric columns on a device: float32[columns × rows], column after column. NaN is missing. */
export interface DeviceTable {
  readonly device: Device;
  readonly buffer: DeviceBuffer;
  readonly rows: number;
  readonly columns: number;
  free(): void;
}

/**
 * Puts columns of equal length on a device.
 * @throws AssayError data-too-large when they do not fit one buffer of the device; device-out-of-memory
 */
export function uploadTable(device: Device, columns: readonly Float32Array[]): DeviceTable {
  const rows = columns[0]?.length ?? 0;
  const odd = columns.findIndex((column) => column.length !== rows);
  if (odd !== -1) {
    throw new AssayError(
      "internal",
      `uploadTable: columns[${odd}] has ${columns[odd]?.length} rows, columns[0] ${rows}`,
    );
  }
  const sizeBytes = columns.length * rows * 4;
  if (sizeBytes > device.maxBufferBytes) {
    throw new AssayError(
      "data-too-large",
      `uploadTable: ${columns.length} columns × ${rows} rows are ${sizeBytes} bytes, one buffer on ${device.name} holds ${device.maxBufferBytes}; give fewer rows at once`,
    );
  }
  const buffer = device.allocate(sizeBytes);
  try {
    const whole = new Float32Array(columns.length * rows);
    for (const [index, column] of columns.entries()) whole.set(column, index * rows);
    device.upload(buffer, whole);
  } catch (error) {
    buffer.free();
    throw error;
  }
  return { device, buffer, rows, columns: columns.length, free: () => buffer.free() };
}

/**
 * Other rows for some columns of a table, without a copy of the table: where column j has a slot s, its value in row i is
 * the table's value in row `rows[s × rows + i]`.
 */
export interface PermutedView {
  readonly device: Device;
  /** u32[slots × rows]: row indexes, each below the table's rows. */
  readonly buffer: DeviceBuffer;
  readonly rows: number;
  readonly slots: number;
  /** For every column of the table its slot, or −1 where it is read as it is. */
  readonly slotOf: Int32Array;
  free(): void;
}

/**
 * A view whose indexes are any, to be written on the device: `shuffledIndexes` with `into: view.buffer, at: slot × rows`.
 * @param slotOf for every column of the table its slot, counted from 0, or −1 where it is read as it is
 * @throws AssayError data-too-large when it does not fit one buffer of the device; device-out-of-memory
 */
export function allocateView(device: Device, rows: number, slotOf: Int32Array): PermutedView {
  const slots = slotOf.reduce((most, slot) => Math.max(most, slot + 1), 0);
  const sizeBytes = slots * rows * 4;
  if (sizeBytes > device.maxBufferBytes) {
    throw new AssayError(
      "data-too-large",
      `allocateView: ${slots} slots × ${rows} rows are ${sizeBytes} bytes, one buffer on ${device.name} holds ${device.maxBufferBytes}; permute fewer columns at once`,
    );
  }
  const buffer = device.allocate(sizeBytes);
  return { device, buffer, rows, slots, slotOf, free: () => buffer.free() };
}

/**
 * Puts a view on a device: for every column of the table its row indexes, or null where it is read as it is. Columns that
 * share an array share a slot, and so are permuted together.
 * @throws AssayError internal for an array of another length; data-too-large when it does not fit one buffer of the
 *   device; device-out-of-memory
 */
export function uploadView(device: Device, rows: number, columns: readonly (Uint32Array | null)[]): PermutedView {
  const arrays = [...new Set(columns)].filter((indexes) => indexes !== null);
  const odd = arrays.find((indexes) => indexes.length !== rows);
  if (odd) throw new AssayError("internal", `uploadView: an array has ${odd.length} indexes, the view ${rows} rows`);
  const slotOf = Int32Array.from(columns, (indexes) => (indexes === null ? -1 : arrays.indexOf(indexes)));
  const view = allocateView(device, rows, slotOf);
  try {
    const whole = new Uint32Array(arrays.length * rows);
    for (const [slot, indexes] of arrays.entries()) whole.set(indexes, slot * rows);
    device.upload(view.buffer, whole);
  } catch (error) {
    view.free();
    throw error;
  }
  return view;
}
