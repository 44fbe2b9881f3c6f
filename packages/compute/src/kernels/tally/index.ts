import { AssayError } from "@assay/schema";
import type { Device, DeviceBuffer } from "../../device.ts";
import type { ExactSum } from "../../exact-sum.ts";
import { useBuffers } from "../buffers.ts";
import { checkTally } from "./check.ts";
import { countBytes, countsBytes } from "./count-bytes.ts";
import { countOnGpu, firstFault } from "./count-on-gpu.ts";
import { exactSums, weigh } from "./weigh.ts";

export interface TallyInput {
  /** Codes of n rows each; every code is below its column's size (levels + 1, as code 0 is "missing"). */
  readonly columns: readonly { readonly codes: Uint8Array | Uint16Array | Uint32Array; readonly size: number }[];
  readonly rows: number;
  /** Times each row stands for, integers from 0; null: once. */
  readonly counts: Float64Array | null;
  /** Weights, finite and at least 0; null: unweighted. */
  readonly weights: Float64Array | null;
}

export interface Tally {
  /** The columns' sizes. Cells are row-major: the last column runs fastest. */
  readonly shape: number[];
  /** Rows in each cell, each as often as it stands for; weights do not enter. */
  readonly counts: Float64Array;
  readonly weights: {
    /** Σw of each cell, every row as often as it stands for, exactly. */
    readonly sums: ExactSum[];
    /** Σw² of each cell, likewise. */
    readonly squares: ExactSum[];
    /** Rows of weight above 0 in each cell, each as often as it stands for. */
    readonly rows: Float64Array;
  } | null;
}

/** Rows that are on the host device at once: their codes and cells stay in the cache. */
const chunkRows = 65536;

/**
 * Joint counts of coded columns: how many rows (and how much weight) lie in each combination of codes. No columns give
 * one cell. Exact: the same on every device and for any split of the rows.
 *
 * The floor is reading every code once: one byte a row and column of up to 255 values. From the host's memory a GPU can
 * get them no faster than a processor can count them, so it wins only with cells too many for the processor's cache.
 * Counts and weights run on `device.host` whatever device is given: they are sums of integers of 53 to 2,000 bits, for
 * which GPUs have no atomic addition (WebGPU not even integers of 64 bits).
 * @throws AssayError data-too-large beyond 8,388,608 cells or 2^32 − 1 rows; data-invalid for a code, count or weight
 *   out of range
 */
export async function tally(device: Device, input: TallyInput): Promise<Tally> {
  const cells = checkTally(input);
  const shape = input.columns.map((column) => column.size);
  if (device === device.host || input.counts !== null || input.weights !== null) {
    return { shape, ...(await tallyOnHost(device.host, input, cells)) };
  }
  return useBuffers(device, async (take) => {
    const status = take(4, "zero");
    const counts = await countOnGpu(device, take, input, { cells, status });
    await checkStatus(device, status, input);
    return { shape, counts: Float64Array.from(await device.download(counts, new Uint32Array(cells))), weights: null };
  });
}

async function tallyOnHost(device: Device, input: TallyInput, cells: number): Promise<Omit<Tally, "shape">> {
  const { columns, rows, counts, weights } = input;
  if (countsBytes(input, cells)) {
    return useBuffers(device, async (take) => {
      const status = take(4, "zero");
      const counted = await countBytes(device, take, input, { cells, status });
      await checkStatus(device, status, input);
      return { counts: counted, weights: null };
    });
  }
  return useBuffers(device, async (buffer) => {
    const chunk = Math.min(chunkRows, rows);
    const status = buffer(4, "zero");
    const cellBuffer = buffer(chunk * 4, columns.length === 0 ? "zero" : "any");
    const codeBuffer = buffer(chunk * Math.max(1, ...columns.map((column) => column.codes.BYTES_PER_ELEMENT)), "any");
    const timesBuffer = counts ? buffer(chunk * 8, "any") : status;
    const copies = counts === null && cells <= 4096 ? 4 : 1;
    const countBuffer = buffer(cells * (counts ? 8 : 4 * copies), "zero");
    const weigher = weights ? await weigh(device, buffer, input, { cells, chunk, status }) : null;

    for (let start = 0; start < rows; start += chunk) {
      const end = Math.min(start + chunk, rows);
      for (const [index, { codes, size }] of columns.entries()) {
        device.upload(codeBuffer, codes.subarray(start, end));
        const column = [codeBuffer, codes.BYTES_PER_ELEMENT, size, index === 0 ? 1 : 0, firstFault + index] as const;
        // All rows on this thread: waking others takes as long as they would.
        await device.dispatch("tallyCells", [...column, cellBuffer, 0, status, 0, end - start]);
      }
      if (counts) {
        device.upload(timesBuffer, counts.subarray(start, end));
        await device.dispatch("tallyCountTimes", [cellBuffer, timesBuffer, end - start, countBuffer, status]);
      } else {
        const stride = copies === 1 ? 0 : cells;
        await device.dispatch("tallyCount", [cellBuffer, end - start, countBuffer, stride, status]);
      }
      await weigher?.add(start, end, cellBuffer, timesBuffer);
    }

    await checkStatus(device, status, input);
    const result = counts
      ? await device.download(countBuffer, new Float64Array(cells))
      : addCopies(await device.download(countBuffer, new Uint32Array(cells * copies)), cells);
    checkTotal(result);
    return {
      counts: result,
      weights: weigher && {
        sums: await exactSums(device, weigher.sums, cells),
        squares: await exactSums(device, weigher.squares, cells),
        rows: await device.download(weigher.positive, new Float64Array(cells)),
      },
    };
  });
}

function addCopies(copies: Uint32Array, cells: number): Float64Array {
  const sums = new Float64Array(cells);
  for (let start = 0; start < copies.length; start += cells) {
    for (let cell = 0; cell < cells; cell++) sums[cell] = (sums[cell] ?? 0) + (copies[start + cell] ?? 0);
  }
  return sums;
}

async function checkStatus(device: Device, status: DeviceBuffer, input: TallyInput): Promise<void> {
  const [code = 0] = await device.download(status, new Uint32Array(1));
  if (code === 0) return;
  if (code === 1) {
    const row = input.counts?.findIndex((count) => !Number.isSafeInteger(count) || count < 0) ?? -1;
    throw new AssayError(
      "data-invalid",
      `tally: row ${row} has the count ${input.counts?.[row]}; counts are integers from 0`,
    );
  }
  if (code === 2) {
    const row = input.weights?.findIndex((weight) => !(weight >= 0 && weight < Number.POSITIVE_INFINITY)) ?? -1;
    throw new AssayError(
      "data-invalid",
      `tally: row ${row} has the weight ${input.weights?.[row]}; weights are finite and at least 0`,
    );
  }
  // Which thread found a fault first is chance; the first column that has one is told.
  const column = input.columns.findIndex(({ codes, size }) => codes.some((one) => one >= size));
  const { codes, size } = input.columns[column] ?? { codes: new Uint32Array(0), size: 0 };
  const row = codes.findIndex((one) => one >= size);
  throw new AssayError(
    "data-invalid",
    `tally: row ${row} of columns[${column}] has the code ${codes[row]}; its codes end at ${size - 1}`,
  );
}

function checkTotal(counts: Float64Array): void {
  let total = 0;
  for (const count of counts) total += count;
  if (total > Number.MAX_SAFE_INTEGER) {
    throw new AssayError(
      "data-too-large",
      `tally: the counts add up to ${total}; at most 2^53 − 1 are counted exactly`,
    );
  }
}
