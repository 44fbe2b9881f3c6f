import type { Device, DeviceBuffer } from "../../device.ts";
import type { DeviceTable, PermutedView } from "../../device-table.ts";
import { type TakeBuffer, useBuffers } from "../buffers.ts";
import type { LoadedForest } from "./load.ts";
import { tileShiftOf } from "./pack.ts";
import type { PermutedInput } from "./permuted.ts";
import type { KeptLeaves, PreparedForest } from "./prepare.ts";

/** Bytes of one dispatch's scratch and results, about: small beside the table, and enough items for all threads. */
const chunkBytes = 16_777_216;
/** Repeats that one call takes side by side: of one column, and of several. */
const mostRepeats = { column: 32, group: 16 } as const;
/** Keys that large trees go through the cache with. */
const mostKeysBytes = 131_072;

/** Rows in chunks of whole items, each with so many bytes of scratch and results. */
function chunkOf(rows: number, itemRows: number, itemBytes: number): number {
  const most = Math.max(1, Math.floor(chunkBytes / itemBytes));
  return Math.min(Math.ceil(rows / itemRows), most) * itemRows;
}

/** Scratch of an item of so many rows that finds leaves: outcomes of the first levels, places, slots, keys. */
function scratchBytesOf({ packed }: LoadedForest, rows: number): number {
  return 15 * 256 + 256 + 1024 + (packed.columns.length + 1) * 4 * rows;
}

/** For each column asked: the table's column times 2, plus 1 where its sign is turned, and its slot or −1. */
function askedOf({ packed }: LoadedForest, view: PermutedView | null): Int32Array {
  return Int32Array.from(
    packed.columns.flatMap(({ source, turned }) => [2 * source + Number(turned), view?.slotOf[source] ?? -1]),
  );
}

function put(device: Device, take: TakeBuffer, data: ArrayBufferView): DeviceBuffer {
  const buffer = take(data.byteLength, "any");
  device.upload(buffer, data);
  return buffer;
}

/**
 * Tiles that go through a tree together: so many that a large tree is not read anew for every few rows, as long as their
 * keys stay in the cache beside it.
 */
function tilesOf({ packed, model, trees }: LoadedForest, rows: number, tileRows: number): number {
  const treeBytes = model.sizeBytes / Math.max(trees, 1);
  const tileBytes = (packed.columns.length + 1) * 4 * tileRows;
  const wanted = Math.floor(Math.min(treeBytes, mostKeysBytes) / tileBytes);
  return Math.max(1, Math.min(wanted, Math.floor(rows / tileRows / 8)));
}

/** An item is some tiles of rows. */
export function predictOnCpu(
  loaded: LoadedForest,
  table: DeviceTable,
  view: PermutedView | null,
  rows: number,
  out: Float64Array,
): Promise<void> {
  const { device, outputs, packed, model } = loaded;
  const tileRows = 2 ** tileShiftOf(packed.columns.length);
  const tiles = tilesOf(loaded, rows, tileRows);
  const itemRows = tiles * tileRows;
  const scratchBytes = scratchBytesOf(loaded, itemRows);
  return useBuffers(device, async (take) => {
    const chunk = chunkOf(rows, itemRows, scratchBytes + itemRows * outputs * 8);
    const columns = put(device, take, askedOf(loaded, view));
    const scratch = take((chunk / itemRows) * scratchBytes, "any");
    const sums = take(chunk * outputs * 8, "any");
    for (let first = 0; first < rows; first += chunk) {
      const count = Math.min(chunk, rows - first);
      const from = [model, table.buffer, table.rows, columns, view?.buffer ?? 0, view?.rows ?? 0] as const;
      const items = Math.ceil(count / itemRows);
      await device.dispatch("forestPredict", [...from, first, count, tiles, scratch, scratchBytes, sums], items);
      await device.download(sums, out.subarray(first * outputs, (first + count) * outputs));
    }
  });
}

/** Bytes of a slot, as kept. */
export function widthOf({ packed }: LoadedForest): 1 | 2 | 4 {
  if (packed.mostSlots <= 256) return 1;
  return packed.mostSlots <= 65536 ? 2 : 4;
}

/** Bytes of `rows` rows' leaves and sums, as kept. */
export function keptBytesOf(loaded: LoadedForest, rows: number): { slots: number; sums: number } {
  const tileRows = 2 ** tileShiftOf(loaded.packed.columns.length);
  const whole = Math.ceil(rows / tileRows) * tileRows;
  return { slots: whole * loaded.trees * widthOf(loaded), sums: whole * loaded.outputs * 8 };
}

/** Keeps the leaves and sums of the rows from `first` on; an item is a tile. */
export function keepOnCpu(
  loaded: LoadedForest,
  table: DeviceTable,
  { slots, sums, width }: KeptLeaves,
  first: number,
  count: number,
): Promise<void> {
  const { device, packed, model } = loaded;
  const tileRows = 2 ** tileShiftOf(packed.columns.length);
  const scratchBytes = scratchBytesOf(loaded, tileRows);
  return useBuffers(device, async (take) => {
    const items = Math.ceil(count / tileRows);
    const columns = put(device, take, askedOf(loaded, null));
    const scratch = take(items * scratchBytes, "any");
    const from = [model, table.buffer, table.rows, columns, first, count] as const;
    await device.dispatch("forestKeep", [...from, scratch, scratchBytes, slots, width, sums], items);
  });
}

/** Scratch of an item of forestPermuted: slots, lists, ranges, keys and sums. */
function groupBytesOf({ packed, outputs }: LoadedForest, tileRows: number, group: number, repeats: number): number {
  const lists = 1024 + 1040 + 264 + 56 + 64 + 3 * 13 * 264;
  const lanes = 4 * Math.ceil(repeats / 4);
  const row = group * 8 + (packed.columns.length + 2) * 4 + group * lanes * 4 + outputs * lanes * 8;
  return lists + row * tileRows;
}

/** Scratch of an item of forestPermutedColumn: slots, lists, ranges, steps, keys and their order. */
function columnBytesOf({ packed, outputs }: LoadedForest, tileRows: number, repeats: number): number {
  const lists = 1024 + 1040 + 512 + 264 + 56 + 5 * 13 * 264;
  const lanes = 4 * Math.ceil(repeats / 4);
  const row = 8 + outputs * (repeats + 1) * 8 + (packed.columns.length + 2) * 4 + lanes * 5;
  return 8 * Math.ceil((lists + row * tileRows) / 8);
}

/** First for every tree the bounds of its leaves; then for every tile of rows what the repeats change. */
export function permuteOnCpu(
  { loaded, table, kept }: PreparedForest,
  { repeats, indexes }: PermutedInput,
  members: readonly number[],
  out: Float64Array,
): Promise<void> {
  const { device, outputs, packed, model, trees } = loaded;
  const { rows } = table;
  const tileRows = 2 ** tileShiftOf(packed.columns.length);
  const group = members.length;
  return useBuffers(device, async (take) => {
    const numbers = new Int32Array(packed.columns.length + 1).fill(-1);
    for (const [number, member] of members.entries()) numbers[member] = number;
    const asks = new Uint8Array(trees);
    for (const member of members) for (const tree of packed.treesOf[member] ?? []) asks[tree] = 1;
    const asksBuffer = put(device, take, asks);
    const bounds = take(packed.slots * group * 8, "any");
    const starts = take(packed.slots, "any");
    const ofRecords = take(packed.records * group * 8, "any");
    const numbersBuffer = put(device, take, numbers);
    await device.dispatch("forestBounds", [model, asksBuffer, numbersBuffer, group, bounds, starts, ofRecords], trees);

    const [only] = members;
    const alone = only !== undefined && group === 1;
    const blocks = Math.ceil(repeats / (alone ? mostRepeats.column : mostRepeats.group));
    const block = Math.ceil(repeats / blocks);
    const scratchBytes = alone ? columnBytesOf(loaded, tileRows, block) : groupBytesOf(loaded, tileRows, group, block);
    const keptBytes = kept ? 0 : trees * 4 * tileRows;
    const chunk = chunkOf(rows, tileRows, scratchBytes + keptBytes + tileRows * outputs * 8 * (block + 1));
    const scratch = take((chunk / tileRows) * scratchBytes, "any");
    const results = take(chunk * outputs * block * 8, "any");
    const downloaded = new Float64Array(chunk * outputs * block);
    const bytes = keptBytesOf(loaded, chunk);
    const those = kept ?? { slots: take(bytes.slots, "any"), sums: take(bytes.sums, "any"), width: widthOf(loaded) };
    const columns = put(device, take, askedOf(loaded, null));
    const which = alone ? [only] : [put(device, take, Uint32Array.from(members)), group];
    const entry = alone ? "forestPermutedColumn" : "forestPermuted";
    const from = [model, table.buffer, rows, columns, ...which, asksBuffer, bounds, starts] as const;
    for (let first = 0; first < rows; first += chunk) {
      const count = Math.min(chunk, rows - first);
      if (!kept) await keepOnCpu(loaded, table, those, first, count);
      const keptFrom = kept ? 0 : first;
      const leaves = [those.slots, those.width, those.sums, keptFrom, scratch, scratchBytes, results, chunk] as const;
      for (let repeat = 0; repeat < repeats; repeat += block) {
        const those = Math.min(block, repeats - repeat);
        const args = [...from, indexes, rows, repeat, those, first, count, ...leaves] as const;
        await device.dispatch(entry, args, Math.ceil(count / tileRows));
        await device.download(results, downloaded);
        for (let done = 0; done < those; done++) {
          const part = downloaded.subarray(done * chunk * outputs, (done * chunk + count) * outputs);
          out.set(part, ((repeat + done) * rows + first) * outputs);
        }
      }
    }
  });
}
