import { AssayError } from "@assay/schema";
import type { Device, DeviceBuffer } from "../../device.ts";
import { type ExactSum, exactFromInteger } from "../../exact-sum.ts";
import type { TakeBuffer } from "../buffers.ts";
import type { TallyInput } from "./index.ts";

/** Fixed-point sums: `limbs` u64 for each cell, limb i worth 2^(32 i + low). */
export interface Limbs {
  readonly buffer: DeviceBuffer;
  readonly limbs: number;
  readonly low: number;
}

interface Place {
  readonly cells: number;
  readonly chunk: number;
  readonly status: DeviceBuffer;
}

/** Bits for the number of rows (below 2^53). */
const HEADROOM = 54;
const MAXIMUM_BYTES = 536870912;

/**
 * Prepares exact Σw and Σw²: a first pass over the weights finds their lowest and highest bit, so that a cell takes about
 * a hundred bytes for ordinary weights, and only for extreme ones the full range of doubles.
 */
export async function weigh(device: Device, take: TakeBuffer, input: TallyInput, place: Place) {
  const { weights, counts, rows } = input;
  const { cells, chunk, status } = place;
  if (!weights) throw new AssayError("internal", "tally: no weights to weigh");
  const values = take(chunk * 8, "any");
  const range = take(8, "any");
  device.upload(range, new Int32Array([1024, -1075]));
  for (let start = 0; start < rows; start += chunk) {
    const end = Math.min(start + chunk, rows);
    device.upload(values, weights.subarray(start, end));
    await device.dispatch("tallyWeightRange", [values, end - start, range, status]);
  }
  const [lowest = 0, highest = 0] = await device.download(range, new Int32Array(2));
  const low = Math.min(lowest, highest);
  const width = Math.max(highest, lowest) - low + 1;
  const sumLimbs = Math.ceil((width + HEADROOM) / 32) + 2;
  const squareLimbs = Math.ceil((2 * width + HEADROOM) / 32) + 3;
  const bytes = cells * (sumLimbs + squareLimbs) * 8;
  if (bytes > MAXIMUM_BYTES) {
    throw new AssayError(
      "data-too-large",
      `tally: exact sums of weights in ${cells} cells need ${bytes} bytes, at most ${MAXIMUM_BYTES}; ` +
        "cross fewer columns, or round the weights",
    );
  }
  const sums: Limbs = { buffer: take(cells * sumLimbs * 8, "zero"), limbs: sumLimbs, low };
  const squares: Limbs = { buffer: take(cells * squareLimbs * 8, "zero"), limbs: squareLimbs, low: 2 * low };
  const positive = take(cells * 8, "zero");
  return {
    sums,
    squares,
    positive,
    /** Adds the rows [start, end), whose cells (and times, if any) are on the device. */
    async add(start: number, end: number, cellBuffer: DeviceBuffer, times: DeviceBuffer): Promise<void> {
      device.upload(values, weights.subarray(start, end));
      const hasTimes = counts ? 1 : 0;
      const of = [cellBuffer, values, times, hasTimes, end - start, low] as const;
      const into = [sums.buffer, sumLimbs, squares.buffer, squareLimbs, positive, status] as const;
      await device.dispatch("tallyWeigh", [...of, ...into]);
    },
  };
}

export async function exactSums(device: Device, { buffer, limbs, low }: Limbs, cells: number): Promise<ExactSum[]> {
  const words = await device.download(buffer, new BigUint64Array(cells * limbs));
  return Array.from({ length: cells }, (_, cell) => {
    let integer = 0n;
    for (let limb = limbs - 1; limb >= 0; limb--) {
      const word = words[cell * limbs + limb] ?? 0n;
      if (word !== 0n || integer !== 0n) integer = (integer << 32n) + word;
    }
    return exactFromInteger(integer, low);
  });
}
