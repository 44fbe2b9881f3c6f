import { AssayError } from "@assay/schema";
import type { Device, DeviceBuffer } from "../../device.ts";
import { useBuffers } from "../buffers.ts";
import { planShuffle } from "./shuffled-index.ts";

export interface ShuffledIndexesInput {
  /** Rows that are shuffled: from 0 to 2^32 − 1. */
  readonly rows: number;
  /** Integers from 0 to 2^53 − 1; another stream is another shuffle. */
  readonly seed: number;
  readonly stream: number;
  /** Which part of the shuffle: the first row, default 0, and how many, default all after it. */
  readonly first?: number;
  readonly count?: number;
  /** A buffer of the device to write into, and the number of its u32 to begin at, default 0; else one is allocated. */
  readonly into?: DeviceBuffer;
  readonly at?: number;
}

/** What one call to a GPU does at most: well under a second on any of them. */
const chunkRows = 2 ** 26;

/**
 * Row indexes 0 … rows − 1, shuffled: u32[count] with π(first), π(first + 1), … It stays on the device, as a slot of a
 * `PermutedView`; the caller frees what was allocated. The same bits on every device, and as `shuffledIndex` gives.
 *
 * An index i is two halves, i = high · right + low with left · right ≥ rows hardly larger than rows, and twelve rounds
 * add a keyed hash of one half to the other, modulo its size: a generalized Feistel network (Black, Rogaway: Ciphers with
 * arbitrary finite domains. CT-RSA 2002. doi:10.1007/3-540-45760-7_9). What ends at or beyond `rows` goes through again
 * (cycle walking). The keys are Philox words, as in Mitchell, Stokes, Frank, Holmes: Bandwidth-optimal random shuffling for
 * GPUs. ACM TOPC 9(1), 2022. doi:10.1145/3505287; there the halves are powers of two, so that up to half of all indexes
 * walk or are dropped, here one in √rows. Networks with halves of odd size are even permutations: last, 0 and 1 are
 * exchanged for half of the keys.
 *
 * The floor: 4 bytes written and about 200 operations a row; a GPU is bound by either, the cpu device by operations.
 * @throws AssayError usage for rows, seed, stream or a part out of range; data-too-large for more than a buffer holds
 */
export async function shuffledIndexes(device: Device, input: ShuffledIndexesInput): Promise<DeviceBuffer> {
  const { rows, seed, stream, first = 0, at = 0 } = input;
  const { left, right, keys } = planShuffle("shuffledIndexes", rows, seed, stream);
  const count = input.count ?? rows - first;
  for (const [name, value] of [
    ["first", first],
    ["count", count],
    ["at", at],
  ] as const) {
    if (!Number.isInteger(value) || value < 0) {
      throw new AssayError("usage", `shuffledIndexes: ${name} must be an integer from 0, got ${value}`);
    }
  }
  if (first + count > rows) {
    throw new AssayError("usage", `shuffledIndexes: the part ends at row ${first + count} of ${rows}`);
  }
  const sizeBytes = (at + count) * 4;
  if (input.into ? sizeBytes > input.into.sizeBytes : sizeBytes > device.maxBufferBytes) {
    const room = input.into
      ? `the buffer holds ${input.into.sizeBytes}`
      : `${device.name} holds ${device.maxBufferBytes}`;
    throw new AssayError(
      "data-too-large",
      `shuffledIndexes: ${at + count} indexes are ${sizeBytes} bytes, ${room}; shuffle a part of the rows at once`,
    );
  }
  const out = input.into ?? device.allocate(sizeBytes);
  try {
    await useBuffers(device, async (take) => {
      const keyBuffer = take(keys.byteLength, "any");
      device.upload(keyBuffer, keys);
      for (let done = 0; done < count; done += chunkRows) {
        const items = Math.min(chunkRows, count - done);
        await device.dispatch("shuffleIndexes", [keyBuffer, out, at + done, first + done, rows, left, right], items);
      }
    });
  } catch (error) {
    if (!input.into) out.free();
    throw error;
  }
  return out;
}
