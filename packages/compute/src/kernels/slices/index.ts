import { AssayError } from "@assay/schema";
import type { Device, DeviceBuffer } from "../../device.ts";
import { useBuffers } from "../buffers.ts";
import { checkSlices } from "./check.ts";

/** Outcomes that rows are told apart by. */
export const outcomeCount = 4;
/** The most columns that one set crosses. */
export const mostColumns = 4;

export interface SlicesInput {
  /** Codes of n rows each; every code is below its column's size, which is at most 255. */
  readonly columns: readonly { readonly codes: Uint8Array; readonly size: number }[];
  /** 0 to 3 for each row, such as right and wrong in two halves of the data. */
  readonly outcomes: Uint8Array;
  readonly rows: number;
  /** Times each row stands for, integers from 0; null: once. */
  readonly times: Float64Array | null;
  /** The sets of columns to cross, 1 to 4 column numbers each. */
  readonly sets: readonly (readonly number[])[];
}

/** Rows that are on the device at once: twenty columns of them stay in the cache while all sets are counted. */
const chunkRows = 32_768;
/** What counts in four copies, which together fit the innermost cache. */
const fewCounters = 1024;

/**
 * Rows of every slice: for each set of columns, counts by the combinations of its columns' codes and the outcome. One
 * array for each set, row-major: its last column runs faster than those before, the outcome fastest. Exact: the same for
 * any split of the rows.
 *
 * The work is one pass over the rows for each set, whatever the number of its combinations: the rows of all 64 (or 1,000)
 * slices of three columns are counted for the price of one.
 *
 * Runs on `device.host` whatever device is given: about 1 ns a row and set and thread, in counters that lie in the cache.
 * Callers cut the rows into steps for threads that each have a cpu device, and would carry the codes to a GPU, and its
 * counts back, anew in every step.
 * @param signal looked at between chunks of rows
 * @throws AssayError data-too-large for more than 8,388,608 combinations in all or 2^32 − 1 rows; data-invalid for a code,
 *   an outcome or a number of times out of range; cancelled
 */
export async function slices({ host }: Device, input: SlicesInput, signal?: AbortSignal): Promise<Float64Array[]> {
  const counters = checkSlices(input);
  const { columns, outcomes, rows, times, sets } = input;
  if (times) checkTimes(times);
  if (sets.length === 0) return [];
  const copiesOf = (count: number): number => (times === null && count <= fewCounters ? 4 : 1);
  const offsets: number[] = [];
  let all = 0;
  for (const count of counters) {
    offsets.push(all);
    all += count * copiesOf(count);
  }
  return useBuffers(host, async (take) => {
    const chunk = Math.min(chunkRows, Math.ceil(rows / 16) * 16);
    const sizes = Uint32Array.from([...columns.map((column) => column.size), outcomeCount]);
    const sizeBuffer = take(sizes.byteLength, "any");
    host.upload(sizeBuffer, sizes);
    const words = new Uint32Array(sets.length * 8);
    for (const [index, set] of sets.entries()) {
      const count = counters[index] ?? 0;
      words.set([set.length, ...set], index * 8);
      words[index * 8 + 5] = offsets[index] ?? 0;
      words[index * 8 + 6] = copiesOf(count) === 1 ? 0 : count;
      words[index * 8 + 7] = count > 65_536 ? 1 : 0;
    }
    const setBuffer = take(words.byteLength, "any");
    host.upload(setBuffer, words);
    const status = take(4, "zero");
    const codeBuffer = take((columns.length + 1) * chunk, "any");
    const timesBuffer = times ? take(chunk * 8, "any") : status;
    const countBuffer = take(all * (times ? 8 : 4), "zero");
    const block = new Uint8Array((columns.length + 1) * chunk);
    for (let start = 0; start < rows; start += chunk) {
      if (signal?.aborted) throw new AssayError("cancelled", "cancelled");
      const end = Math.min(start + chunk, rows);
      for (const [index, { codes }] of columns.entries()) block.set(codes.subarray(start, end), index * chunk);
      block.set(outcomes.subarray(start, end), columns.length * chunk);
      host.upload(codeBuffer, block);
      await host.dispatch("slicesCheck", [codeBuffer, chunk, sizeBuffer, end - start, status], columns.length + 1);
      const of = [codeBuffer, chunk, columns.length, sizeBuffer, setBuffer] as const;
      const into = [end - start, countBuffer, status] as const;
      if (times) {
        host.upload(timesBuffer, times.subarray(start, end));
        await host.dispatch("slicesCountTimes", [...of, timesBuffer, ...into], sets.length);
      } else await host.dispatch("slicesCount", [...of, ...into], sets.length);
    }
    await checkStatus(host, status, input);
    const found = await host.download(countBuffer, times ? new Float64Array(all) : new Uint32Array(all));
    return counters.map((count, index) => {
      const at = offsets[index] ?? 0;
      const counts = Float64Array.from(found.subarray(at, at + count));
      for (let copy = 1; copy < copiesOf(count); copy++) {
        for (let cell = 0; cell < count; cell++)
          counts[cell] = (counts[cell] ?? 0) + (found[at + copy * count + cell] ?? 0);
      }
      return counts;
    });
  });
}

function checkTimes(times: Float64Array): void {
  let total = 0;
  for (const [row, count] of times.entries()) {
    if (!(Number.isSafeInteger(count) && count >= 0)) {
      throw new AssayError("data-invalid", `slices: row ${row} stands for ${count} rows; give integers from 0`);
    }
    total += count;
  }
  if (total > Number.MAX_SAFE_INTEGER) {
    throw new AssayError(
      "data-too-large",
      `slices: rows that stand for ${total}; at most 2^53 − 1 are counted exactly`,
    );
  }
}

async function checkStatus(device: Device, status: DeviceBuffer, input: SlicesInput): Promise<void> {
  const [code = 0] = await device.download(status, new Uint32Array(1));
  if (code === 0) return;
  const column = input.columns[code - 1];
  const codes = column?.codes ?? input.outcomes;
  const size = column?.size ?? outcomeCount;
  const row = codes.findIndex((one) => one >= size);
  throw new AssayError(
    "data-invalid",
    `slices: row ${row} of ${column ? `columns[${code - 1}]` : "outcomes"} has the code ${codes[row]}; its codes end at ${size - 1}`,
  );
}
