import { AssayError } from "@assay/schema";
import type { Device, DeviceBuffer } from "../../device.ts";
import { useBuffers } from "../buffers.ts";
import { mostParts } from "./accumulators.ts";
import { allTops, mostTops } from "./bins.ts";
import { Growing } from "./growing.ts";
import type { Moments } from "./moments.ts";

export interface ReduceInput {
  /** NaN is missing; infinite values are refused. */
  readonly values: Float32Array | Float64Array;
  /** For each row its group, below `size`; null: all rows are one. */
  readonly groups: { readonly codes: Uint8Array | Uint16Array | Uint32Array; readonly size: number } | null;
}

/** Rows that are on the device at once, in parts that threads share. */
const chunkRows = 262_144;

/**
 * Moments of a column, for each group: count, missing, Σx, Σx², lowest and highest. Sums are exact, so the result is the
 * same for any split of the rows (`mergeMoments`), on every device, and `mean` and `variance` are right to the last bit.
 *
 * Floor: one pass over 8 (or 4) bytes a row, and some 30 operations on integers: 4 ns on one thread, by group 8, bound by
 * arithmetic. It runs on `device.host`: columns lie on the host and are read once, and to carry them to a GPU takes a
 * nanosecond a row (at 8 GB/s), in which four threads are done. WGSL has neither 64-bit integers nor doubles.
 * @throws AssayError data-invalid for an infinite value or a code that is no group, with its row; data-too-large beyond
 *   2^32 − 1 rows, or where groups × powers of two that occur need more than 512 MiB
 */
export async function reduce(device: Device, { values, groups }: ReduceInput): Promise<Moments[]> {
  const { host } = device;
  const rows = values.length;
  check(rows, groups);
  return useBuffers(host, async (take) => {
    const chunk = Math.min(chunkRows, rows);
    const valueBuffer = [take(chunk * values.BYTES_PER_ELEMENT, "any"), values.BYTES_PER_ELEMENT] as const;
    const codeBytes = groups?.codes.BYTES_PER_ELEMENT ?? 0;
    const codeBuffer = groups ? ([take(chunk * codeBytes, "any"), codeBytes] as const) : null;
    const status = take(mostParts * 4, "zero");
    const seen = take(groups ? mostParts * mostTops : 0, "any");
    const growing = new Growing(host, groups?.size ?? 1);
    try {
      for (let start = 0; start < rows; start += chunk) {
        const count = Math.min(chunk, rows - start);
        host.upload(valueBuffer[0], values.subarray(start, start + count));
        if (groups && codeBuffer) host.upload(codeBuffer[0], groups.codes.subarray(start, start + count));
        const tops = groups ? await topsOf(host, valueBuffer, count, seen) : allTops;
        const accumulators = await growing.wideEnough(tops);
        await accumulators.add(valueBuffer, codeBuffer, count, status);
        checkStatus(await host.download(status, new Uint32Array(mostParts)), start, { values, groups });
      }
      return await growing.moments();
    } finally {
      growing.free();
    }
  });
}

/** Which tops the rows on the device have: 1 or 0 for each. */
async function topsOf(
  host: Device,
  values: readonly [DeviceBuffer, number],
  rows: number,
  seen: DeviceBuffer,
): Promise<Uint8Array> {
  const partRows = Math.ceil(rows / mostParts);
  host.clear(seen);
  await host.dispatch("reduceTops", [...values, partRows, rows, seen], Math.ceil(rows / partRows));
  const marks = await host.download(seen, new Uint8Array(mostParts * mostTops));
  const all = marks.slice(0, mostTops);
  for (let at = mostTops; at < marks.length; at++) if (marks[at]) all[at % mostTops] = 1;
  return all;
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
