import type { Device, DeviceBuffer } from "../../device.ts";
import type { TakeBuffer } from "../buffers.ts";
import { firstFault } from "./count-on-gpu.ts";
import type { TallyInput } from "./index.ts";

/** Columns and cells that `tallyBytes` takes. */
const mostColumns = 4;
const mostCells = 4096;
/** Rows that are counted at once; as many more are laid out meanwhile. */
const chunkRows = 262144;
/** Rows that one thread does at a time. */
const itemRows = 16384;
/** Histograms of an item, side by side. */
const copies = 4;

/** Whether every row counts once, by few columns whose codes are bytes: most tables of groups and decisions. */
export function countsBytes({ columns, counts, weights }: TallyInput, cells: number): boolean {
  return (
    counts === null &&
    weights === null &&
    columns.length > 0 &&
    columns.length <= mostColumns &&
    cells <= mostCells &&
    columns.every(({ codes }) => codes.BYTES_PER_ELEMENT === 1)
  );
}

/** f64[cells]: rows of each cell, counted by all threads of the device. */
export async function countBytes(
  device: Device,
  take: TakeBuffer,
  { columns, rows }: TallyInput,
  { cells, status }: { readonly cells: number; readonly status: DeviceBuffer },
): Promise<Float64Array> {
  const chunk = Math.min(chunkRows, rows);
  const mostItems = Math.ceil(chunk / itemRows);
  // Two sets: while other threads count the one this thread fills the other.
  const codeBuffers = [0, 1].map(() => columns.map(() => take(chunk, "any")));
  const cellBuffer = take(mostItems * 4096 * 2, "any");
  const counts = take(mostItems * copies * cells * 4, "zero");
  const codes = codeBuffers.map((buffers) =>
    Array.from({ length: mostColumns }, (_, index) => buffers[index] ?? status),
  );
  const sizes = Array.from({ length: mostColumns }, (_, index) => columns[index]?.size ?? 1);
  let counting: Promise<void> = Promise.resolve();
  for (let start = 0; start < rows; start += chunk) {
    const set = (start / chunk) % 2;
    const length = Math.min(chunk, rows - start);
    for (const [index, buffer] of (codeBuffers[set] ?? []).entries()) {
      const column = columns[index];
      if (column) device.upload(buffer, column.codes.subarray(start, start + length));
    }
    await counting;
    const what = [columns.length, length, itemRows, cellBuffer, counts, cells, firstFault, status] as const;
    counting = device.dispatch("tallyBytes", [...(codes[set] ?? []), ...sizes, ...what], Math.ceil(length / itemRows));
  }
  await counting;
  const parts = await device.download(counts, new Uint32Array(mostItems * copies * cells));
  const sums = new Float64Array(cells);
  for (const [index, count] of parts.entries()) {
    const cell = index % cells;
    sums[cell] = (sums[cell] ?? 0) + count;
  }
  return sums;
}
