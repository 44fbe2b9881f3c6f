import { AssayError } from "@assay/schema";
import type { Device, DeviceBuffer } from "../../device.ts";
import { type Bins, exactMoments } from "./bins.ts";
import type { Moments } from "./moments.ts";
import { emptyRanges, rangeOf } from "./ranges.ts";

export const mostParts = 8;
const hotBytes = 32;
const coldBytes = 64;
/** What the bins of several parts may take; and those of one. */
const roomyBytes = 33_554_432;
const mostBytes = 536_870_912;

/** The bins of all cells on a device, empty at first: one set for each part, since parts run side by side. */
export class Accumulators {
  readonly bins: Bins;
  readonly parts: number;
  readonly #device: Device;
  readonly #cells: number;
  readonly #buffers: DeviceBuffer[] = [];
  readonly #hot: DeviceBuffer;
  readonly #cold: DeviceBuffer;
  readonly #ranges: DeviceBuffer;
  readonly #places: DeviceBuffer;

  /** @throws AssayError data-too-large, device-out-of-memory */
  constructor(device: Device, bins: Bins, cells: number) {
    const width = bins.tops.length;
    const bytes = cells * width * (hotBytes + coldBytes);
    if (bytes > mostBytes) {
      throw new AssayError(
        "data-too-large",
        `reduce: exact sums in ${cells} groups over ${width} signs and powers of two need ${bytes} bytes, at most ${mostBytes}; use fewer groups, or scale or round the values`,
      );
    }
    this.bins = bins;
    this.parts = Math.max(1, Math.min(mostParts, Math.floor(roomyBytes / bytes)));
    this.#device = device;
    this.#cells = cells;
    const take = (sizeBytes: number) => {
      const buffer = device.allocate(sizeBytes);
      this.#buffers.push(buffer);
      return buffer;
    };
    try {
      this.#hot = take(this.parts * cells * width * hotBytes);
      this.#cold = take(this.parts * cells * width * coldBytes);
      this.#ranges = take(this.parts * cells * 32);
      this.#places = take(bins.places.byteLength);
      device.clear(this.#hot);
      device.clear(this.#cold);
      device.upload(this.#ranges, emptyRanges(this.parts * cells));
      device.upload(this.#places, bins.places);
    } catch (error) {
      this.free();
      throw error;
    }
  }

  /** Adds rows that are on the device; codes and their width in bytes, or null where all rows are one cell. */
  add(
    values: readonly [buffer: DeviceBuffer, bytes: number],
    codes: readonly [buffer: DeviceBuffer, bytes: number] | null,
    rows: number,
    status: DeviceBuffer,
  ): Promise<void> {
    const partRows = Math.ceil(rows / this.parts);
    const into = [partRows, rows, this.#hot, this.#cold, this.#ranges, status] as const;
    const items = Math.ceil(rows / partRows);
    if (!codes) return this.#device.dispatch("reduceAll", [...values, ...into], items);
    const by = [...codes, this.#cells, this.#places, this.bins.tops.length] as const;
    return this.#device.dispatch("reduceGroups", [...values, ...by, ...into], items);
  }

  /** What was added, for each cell. Can be asked once, as parts are put together. */
  async moments(): Promise<Moments[]> {
    const [cells, width] = [this.#cells, this.bins.tops.length];
    const all = cells * width;
    await this.#device.dispatch("reduceMerge", [this.#hot, this.#cold, this.parts, all], all);
    const words = await this.#device.download(this.#cold, new BigUint64Array(all * 8));
    const ranges = await this.#device.download(this.#ranges, new Float64Array(this.parts * cells * 4));
    return Array.from({ length: cells }, (_, cell) => {
      const sums = exactMoments(this.bins, words.subarray(cell * width * 8, (cell + 1) * width * 8));
      return { ...rangeOf(ranges, cell, cells), ...sums };
    });
  }

  free(): void {
    for (const buffer of this.#buffers) buffer.free();
  }
}
