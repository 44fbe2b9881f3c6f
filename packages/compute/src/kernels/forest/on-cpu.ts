import type { DeviceTable, PermutedView } from "../../device-table.ts";
import { useBuffers } from "../buffers.ts";
import type { LoadedForest } from "./load.ts";
import { tileShiftOf } from "./pack.ts";
import type { PermutedInput } from "./permuted.ts";

/** Bytes of one dispatch's scratch and predictions, about: small beside the table, and large enough for all threads. */
const chunkBytes = 8_388_608;

/** Scratch of an item: outcomes of the first levels, places, slots, keys. */
function scratchBytesOf(columns: number, tileShift: number): number {
  return 15 * 256 + 256 + 1024 + (columns + 1) * 4 * 2 ** tileShift;
}

/** What forestPermuted keeps beside it: leaves found again, lists of rows, bounds and keys of all repeats, sums. */
function permutedBytesOf(tileShift: number, group: number, repeats: number, outputs: number): number {
  return 1024 + 64 + 13 * 264 + (group * 4 * (3 + repeats) + 8 * outputs) * 2 ** tileShift;
}

/** For each column asked: the table's column times 2, plus 1 where its sign is turned, and its slot or −1. */
function askedOf({ packed }: LoadedForest, view: PermutedView | null): Int32Array {
  return Int32Array.from(
    packed.columns.flatMap(({ source, turned }) => [2 * source + Number(turned), view?.slotOf[source] ?? -1]),
  );
}

/** An item is a tile of rows. */
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
    device.upload(columns, askedOf(loaded, view));
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

/** As predictOnCpu; before, an item is a tree. */
export function permuteOnCpu(
  loaded: LoadedForest,
  table: DeviceTable,
  { repeats, indexes }: PermutedInput,
  members: readonly number[],
  out: Float64Array,
): Promise<void> {
  const { device, outputs, packed, model } = loaded;
  const { rows } = table;
  const { slots, records, trees } = packed;
  const tileShift = tileShiftOf(packed.columns.length);
  const tileRows = 2 ** tileShift;
  const group = members.length;
  const scratchBytes =
    scratchBytesOf(packed.columns.length, tileShift) + permutedBytesOf(tileShift, group, repeats, outputs);
  return useBuffers(device, async (take) => {
    const put = (data: ArrayBufferView) => {
      const buffer = take(data.byteLength, "any");
      device.upload(buffer, data);
      return buffer;
    };
    const numbers = new Int32Array(packed.columns.length + 1).fill(-1);
    for (const [number, member] of members.entries()) numbers[member] = number;
    const asks = new Uint8Array(trees);
    for (const member of members) for (const tree of packed.treesOf[member] ?? []) asks[tree] = 1;
    const asksBuffer = put(asks);
    const bounds = take(slots * group * 8, "any");
    const starts = take(slots, "any");
    const ofRecords = take(records * group * 8, "any");
    await device.dispatch("forestBounds", [model, asksBuffer, put(numbers), group, bounds, starts, ofRecords], trees);

    const outBytes = tileRows * outputs * 8 * repeats;
    const most = Math.max(1, Math.floor(chunkBytes / (scratchBytes + outBytes)));
    const chunkTiles = Math.min(Math.ceil(rows / tileRows), most);
    const chunk = chunkTiles * tileRows;
    const scratch = take(chunkTiles * scratchBytes, "any");
    const sums = take(chunkTiles * outBytes, "any");
    const downloaded = new Float64Array(chunk * outputs * repeats);
    const from = [
      model,
      table.buffer,
      rows,
      put(askedOf(loaded, null)),
      put(Uint32Array.from(members)),
      group,
    ] as const;
    const at = [asksBuffer, bounds, starts, indexes, repeats] as const;
    for (let first = 0; first < rows; first += chunk) {
      const count = Math.min(chunk, rows - first);
      const args = [...from, ...at, first, count, scratch, scratchBytes, sums, chunk] as const;
      await device.dispatch("forestPermuted", args, Math.ceil(count / tileRows));
      await device.download(sums, downloaded);
      for (let repeat = 0; repeat < repeats; repeat++) {
        const part = downloaded.subarray(repeat * chunk * outputs, (repeat * chunk + count) * outputs);
        out.set(part, (repeat * rows + first) * outputs);
      }
    }
  });
}
