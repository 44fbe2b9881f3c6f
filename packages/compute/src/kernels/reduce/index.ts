import { AssayError } from "@assay/schema";
import type { Device } from "../../device.ts";
import { exactFromInteger } from "../../exact-sum.ts";
import { useBuffers } from "../buffers.ts";
import type { Moments } from "./moments.ts";
import { allExponents, type ExponentWindow, exponentsOf } from "./window.ts";

export interface ReduceInput {
  /** NaN is missing; infinite values are refused. */
  readonly values: Float32Array | Float64Array;
  /** For each row its group, below `size`; null: all rows are one. */
  readonly groups: { readonly codes: Uint8Array | Uint16Array | Uint32Array; readonly size: number } | null;
}

/** Rows that are on the device at once, in as many parts as threads can share. */
const partRows = 32_768;
const mostParts = 8;
const binBytes = 128;
/** Up to here every exponent has its bins; beyond, and for few rows, only those that occur; and so much at most. */
const roomyBytes = 33_554_432;
const mostBytes = 536_870_912;

/**
 * Moments of a column, for each group: count, missing, Σx, Σx², lowest and highest. Sums are exact, so the result is the
 * same for any split of the rows (`mergeMoments`), on every device, and `mean` and `variance` are right to the last bit.
 *
 * Floor: one pass over 8 (or 4) bytes a row; about 40 integer operations a row, so bound by arithmetic at some 3 ns. It runs
 * on `device.host`: the columns lie on the host and are read once, and carrying them to a GPU takes a nanosecond a row (at
 * 8 GB/s) before it can begin, which is what three threads need for everything. WGSL has neither 64-bit integers nor doubles.
 * @throws AssayError data-invalid for an infinite value or a code that is no group, with its row; data-too-large beyond
 *   2^32 − 1 rows, or where groups × exponents that occur need more than 512 MiB
 */
export async function reduce(device: Device, { values, groups }: ReduceInput): Promise<Moments[]> {
  const { host } = device;
  const cells = groups?.size ?? 1;
  const rows = values.length;
  check(rows, groups);
  const roomy = cells * allExponents.width * binBytes <= roomyBytes;
  const window = roomy && rows > partRows ? allExponents : exponentsOf(values);
  const cellBytes = window.width * binBytes;
  if (cells * cellBytes > mostBytes) {
    throw new AssayError(
      "data-too-large",
      `reduce: exact sums in ${cells} groups over ${window.width} powers of two need ${cells * cellBytes} bytes, at most ${mostBytes}; use fewer groups, or scale or round the values`,
    );
  }
  const room = Math.floor(roomyBytes / (cells * cellBytes));
  const parts = Math.max(1, Math.min(mostParts, room, Math.ceil(rows / partRows)));
  return useBuffers(host, async (take) => {
    const chunk = Math.min(parts * partRows, rows);
    const bytes = values.BYTES_PER_ELEMENT;
    const codeBytes = groups?.codes.BYTES_PER_ELEMENT ?? 0;
    const valueBuffer = take(chunk * bytes, "any");
    const codeBuffer = take(chunk * codeBytes, "any");
    const bins = take(parts * cells * cellBytes, "any");
    host.clear(bins);
    const extremes = take(parts * cells * 32, "any");
    host.upload(extremes, emptyExtremes(parts * cells));
    const status = take(parts * 4, "zero");
    for (let start = 0; start < rows; start += chunk) {
      const end = Math.min(start + chunk, rows);
      host.upload(valueBuffer, values.subarray(start, end));
      if (groups) host.upload(codeBuffer, groups.codes.subarray(start, end));
      const from = [valueBuffer, bytes, codeBuffer, codeBytes, cells, window.low, window.width] as const;
      const items = Math.ceil((end - start) / partRows);
      await host.dispatch("reduceRows", [...from, partRows, end - start, bins, extremes, status], items);
      checkStatus(await host.download(status, new Uint32Array(items)), start, { values, groups });
    }
    await host.dispatch("reduceMerge", [bins, parts, cells * window.width], cells * window.width);
    const words = await host.download(bins, new BigInt64Array((cells * cellBytes) / 8));
    const ends = await host.download(extremes, new Float64Array(parts * cells * 4));
    return Array.from({ length: cells }, (_, cell) => momentsOf(cell, words, ends, { window, cells, parts }));
  });
}

function emptyExtremes(count: number): Float64Array {
  const extremes = new Float64Array(count * 4);
  for (let at = 0; at < extremes.length; at += 4) {
    extremes[at] = Number.POSITIVE_INFINITY;
    extremes[at + 1] = Number.NEGATIVE_INFINITY;
  }
  return extremes;
}

interface Layout {
  readonly window: ExponentWindow;
  readonly cells: number;
  readonly parts: number;
}

function momentsOf(cell: number, words: BigInt64Array, ends: Float64Array, { window, cells, parts }: Layout): Moments {
  let [count, sum, squares] = [0, 0n, 0n];
  const counts = new Uint32Array(words.buffer);
  for (let index = 0; index < window.width; index++) {
    const bin = (cell * window.width + index) * 16;
    const here = (counts[2 * bin] ?? 0) + 4294967296 * (counts[2 * bin + 1] ?? 0);
    if (here === 0) continue;
    const put = (word: number) => (words[bin + word] ?? 0n) + ((words[bin + word + 1] ?? 0n) << 32n);
    count += here;
    sum += put(8) << BigInt(index);
    squares += ((put(10) << 54n) + (put(12) << 28n) + put(14)) << BigInt(2 * index);
  }
  let [min, max, missing] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (let part = 0; part < parts; part++) {
    const at = (part * cells + cell) * 4;
    min = Math.min(min, ends[at] ?? min);
    max = Math.max(max, ends[at + 1] ?? max);
    missing += ends[at + 2] ?? 0;
  }
  // 0 and −0 are one value: which of them came first must not show.
  const range = count === 0 ? { min: null, max: null } : { min: min + 0, max: max + 0 };
  const exponent = window.low - 1075;
  return {
    count,
    missing,
    sum: exactFromInteger(sum, exponent),
    squares: exactFromInteger(squares, 2 * exponent),
    ...range,
  };
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
