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
