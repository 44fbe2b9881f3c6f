import type { DeviceTable, PermutedView } from "../../device-table.ts";
import { useBuffers } from "../buffers.ts";
import type { LoadedForest } from "./load.ts";
import { tileShiftOf } from "./pack.ts";

/** Bytes of one dispatch's scratch and predictions, about: small beside the table, and large enough for all threads. */
const chunkBytes = 8_388_608;

/** Scratch of an item: outcomes of the first levels, places, slots, keys. */
function scratchBytesOf(columns: number, tileShift: number): number {
  return 15 * 256 + 256 + 1024 + (columns + 1) * 4 * 2 ** tileShift;
}

/** Predicts on the cpu device: an item is a tile of rows. */
export function predictOnCpu(
  loaded: LoadedForest,
  table: DeviceTable,
  view: PermutedView | null,
  rows: number,
  out: Float64Array,
): Promise<void> {
  const { device, outputs, packed, model } = loaded;
  const tileShift = tileShiftOf(packed.columns.length);
  const tileRows = 2 ** tileShift;
  const scratchBytes = scratchBytesOf(packed.columns.length, tileShift);
  return useBuffers(device, async (take) => {
    const outBytes = tileRows * outputs * 8;
    const chunkTiles = Math.min(
      Math.ceil(rows / tileRows),
      Math.max(1, Math.floor(chunkBytes / (scratchBytes + outBytes))),
    );
    const columns = take(packed.columns.length * 8, "any");
    const asked = packed.columns.flatMap(({ source, turned }) => [
      2 * source + Number(turned),
      view?.slotOf[source] ?? -1,
    ]);
    device.upload(columns, Int32Array.from(asked));
    const scratch = take(chunkTiles * scratchBytes, "any");
    const sums = take(chunkTiles * outBytes, "any");
    const chunk = chunkTiles * tileRows;
    for (let first = 0; first < rows; first += chunk) {
      const count = Math.min(chunk, rows - first);
      const from = [model, table.buffer, table.rows, columns, view?.buffer ?? 0, view?.rows ?? 0] as const;
      const items = Math.ceil(count / tileRows);
      await device.dispatch("forestPredict", [...from, first, count, scratch, scratchBytes, sums], items);
      await device.download(sums, out.subarray(first * outputs, (first + count) * outputs));
    }
  });
}
