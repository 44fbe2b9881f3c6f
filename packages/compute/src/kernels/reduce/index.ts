import { AssayError } from "@assay/schema";
import type { Device, DeviceBuffer } from "../../device.ts";
import { type TakeBuffer, useBuffers } from "../buffers.ts";
import { allBins, type Bins, binsAt, exactMoments, mostTops } from "./bins.ts";
import type { Moments } from "./moments.ts";
import { emptyRanges, rangeOf } from "./ranges.ts";

export interface ReduceInput {
  /** NaN is missing; infinite values are refused. */
  readonly values: Float32Array | Float64Array;
  /** For each row its group, below `size`; null: all rows are one. */
  readonly groups: { readonly codes: Uint8Array | Uint16Array | Uint32Array; readonly size: number } | null;
}

/** Rows that are on the device at once, in as many parts as threads can share. */
const chunkRows = 262_144;
const mostParts = 8;
const hotBytes = 32;
const coldBytes = 64;
/** What the bins of several parts may take; and those of one. */
const roomyBytes = 33_554_432;
const mostBytes = 536_870_912;

/**
 * Moments of a column, for each group: count, missing, Σx, Σx², lowest and highest. Sums are exact, so the result is the
 * same for any split of the rows (`mergeMoments`), on every device, and `mean` and `variance` are right to the last bit.
 *
 * Floor: one pass over 8 (or 4) bytes a row, and some 30 operations on integers: 4 ns on one thread, bound by arithmetic. By
 * group it is two passes and 7 ns. It runs on `device.host`: columns lie on the host and are read once, and to carry them to
 * a GPU takes a nanosecond a row (at 8 GB/s), in which four threads are done. WGSL has neither 64-bit integers nor doubles.
 * @throws AssayError data-invalid for an infinite value or a code that is no group, with its row; data-too-large beyond
 *   2^32 − 1 rows, or where groups × powers of two that occur need more than 512 MiB
 */
export async function reduce(device: Device, input: ReduceInput): Promise<Moments[]> {
  const { host } = device;
  const { values, groups } = input;
  check(values.length, groups);
  return useBuffers(host, async (take) => {
    const rows = new Rows(host, take, input);
    const bins = groups ? await rows.bins() : allBins;
    return rows.moments(bins);
  });
}

/** The rows of a column on their way past the device. */
class Rows {
  readonly #device: Device;
  readonly #take: TakeBuffer;
  readonly #input: ReduceInput;
  readonly #chunk: number;
  readonly #values: DeviceBuffer;

  constructor(device: Device, take: TakeBuffer, input: ReduceInput) {
    this.#device = device;
    this.#take = take;
    this.#input = input;
    this.#chunk = Math.min(chunkRows, input.values.length);
    this.#values = take(this.#chunk * input.values.BYTES_PER_ELEMENT, "any");
  }

  /** The bins that the rows need. */
  async bins(): Promise<Bins> {
    const seen = this.#take(mostParts * mostTops, "zero");
    await this.#pass(mostParts, (values, partRows, count) => ["reduceTops", [...values, partRows, count, seen]]);
    const marks = await this.#device.download(seen, new Uint8Array(mostParts * mostTops));
    return binsAt(
      Uint8Array.from({ length: mostTops }, (_, top) => {
        for (let part = 0; part < mostParts; part++) if (marks[part * mostTops + top]) return 1;
        return 0;
      }),
    );
  }

  async moments(bins: Bins): Promise<Moments[]> {
    const { groups } = this.#input;
    const [device, take] = [this.#device, this.#take];
    const cells = groups?.size ?? 1;
    const width = bins.tops.length;
    const bytes = cells * width * (hotBytes + coldBytes);
    if (bytes > mostBytes) {
      throw new AssayError(
        "data-too-large",
        `reduce: exact sums in ${cells} groups over ${width} signs and powers of two need ${bytes} bytes, at most ${mostBytes}; use fewer groups, or scale or round the values`,
      );
    }
    const parts = Math.max(1, Math.min(mostParts, Math.floor(roomyBytes / bytes)));
    const hot = take(parts * cells * width * hotBytes, "any");
    const cold = take(parts * cells * width * coldBytes, "any");
    device.clear(hot);
    device.clear(cold);
    const ranges = take(parts * cells * 32, "any");
    device.upload(ranges, emptyRanges(parts * cells));
    const status = take(parts * 4, "zero");
    const codes = take(this.#chunk * (groups?.codes.BYTES_PER_ELEMENT ?? 0), "any");
    const places = take(bins.places.byteLength, "any");
    device.upload(places, bins.places);
    const by = groups ? [codes, groups.codes.BYTES_PER_ELEMENT, cells, places, width] : [];
    await this.#pass(
      parts,
      (values, partRows, count, start) => {
        if (groups) device.upload(codes, groups.codes.subarray(start, start + count));
        const into = [partRows, count, hot, cold, ranges, status];
        return [groups ? "reduceGroups" : "reduceAll", [...values, ...by, ...into]];
      },
      async (start) => checkStatus(await device.download(status, new Uint32Array(parts)), start, this.#input),
    );
    await device.dispatch("reduceMerge", [hot, cold, parts, cells * width], cells * width);
    const words = await device.download(cold, new BigUint64Array(cells * width * 8));
    const ends = await device.download(ranges, new Float64Array(parts * cells * 4));
    return Array.from({ length: cells }, (_, cell) => {
      const sums = exactMoments(bins, words.subarray(cell * width * 8, (cell + 1) * width * 8));
      return { ...rangeOf(ends, cell, cells), ...sums };
    });
  }

  /** Calls an entry for each chunk of rows, cut into parts. */
  async #pass(
    parts: number,
    call: (
      values: readonly [DeviceBuffer, number],
      partRows: number,
      count: number,
      start: number,
    ) => readonly [string, readonly (DeviceBuffer | number)[]],
    after?: (start: number) => Promise<void>,
  ): Promise<void> {
    const { values } = this.#input;
    for (let start = 0; start < values.length; start += this.#chunk) {
      const count = Math.min(this.#chunk, values.length - start);
      const partRows = Math.ceil(count / parts);
      this.#device.upload(this.#values, values.subarray(start, start + count));
      const [entry, args] = call([this.#values, values.BYTES_PER_ELEMENT], partRows, count, start);
      await this.#device.dispatch(entry, args, Math.ceil(count / partRows));
      await after?.(start);
    }
  }
}

function check(rows: number, groups: ReduceInput["groups"]): void {
  if (rows > 4294967295) {
    throw new AssayError("data-too-large", `reduce: ${rows} rows at once, at most 4294967295; use more shards`);
  }
  if (!groups) return;
  if (groups.codes.length !== rows) {
    throw new AssayError("internal", `reduce: ${groups.codes.length} codes for ${rows} rows`);
  }
  if (!Number.isInteger(groups.size) || groups.size < 1) {
    throw new AssayError("internal", `reduce: groups.size must be an integer from 1, got ${groups.size}`);
  }
}

function checkStatus(status: Uint32Array, start: number, { values, groups }: ReduceInput): void {
  const word = status.find((one) => one !== 0);
  if (word === undefined) return;
  const row = start + ((word - 1) >> 1);
  if (word % 2 === 1) {
    throw new AssayError("data-invalid", `reduce: row ${row} is ${values[row]}; values must be finite or missing`);
  }
  throw new AssayError(
    "data-invalid",
    `reduce: row ${row} has the code ${groups?.codes[row]}, there are ${groups?.size} groups`,
  );
}
