import { AssayError } from "@assay/schema";
import type { Device } from "../../device.ts";
import { checkSeed, splitCounter, splitInteger } from "../../random/philox.ts";
import { useBuffers } from "../buffers.ts";

export interface PhiloxWordsInput {
  /** Integers from 0 to 2^53 − 1. */
  readonly seed: number;
  readonly stream: number;
  /** Of the first block: an integer from 0 to 2^64 − 1. */
  readonly counter: bigint | number;
  /** Four words each. */
  readonly blocks: number;
}

/** Blocks at once: 4 MiB. */
const chunk = 262_144;

/**
 * The words of `philox(seed, stream, counter)`, `philox(seed, stream, counter + 1)`, …: u32[4 × blocks], the same to the
 * bit on every device and for any number of threads. After the counter 2^64 − 1 comes 0.
 *
 * Floor: 16 bytes written and about 100 integer operations a block. A processor is bound by the operations, a GPU by
 * carrying the words back to the host, so a GPU wins only where the words stay on it; this is the throughput that
 * kernels which draw on the device can reach, and the proof that they draw the same.
 * @throws AssayError usage for a seed, stream, counter or number of blocks out of range; device-out-of-memory
 */
export async function philoxWords(device: Device, input: PhiloxWordsInput): Promise<Uint32Array> {
  const { seed, stream, counter, blocks } = input;
  checkSeed("philoxWords", seed, stream);
  splitCounter(counter);
  if (!Number.isInteger(blocks) || blocks < 0 || blocks > 1_073_741_823) {
    throw new AssayError("usage", `philoxWords: blocks must be an integer from 0 to 1073741823, got ${blocks}`);
  }
  const out = new Uint32Array(4 * blocks);
  if (blocks === 0) return out;
  return useBuffers(device, async (take) => {
    const buffer = take(Math.min(blocks, chunk) * 16, "any");
    for (let start = 0; start < blocks; start += chunk) {
      const items = Math.min(chunk, blocks - start);
      const first = BigInt.asUintN(64, BigInt(counter) + BigInt(start));
      const words = [...splitInteger(seed), ...splitInteger(stream), ...splitCounter(first)];
      await device.dispatch("philoxWords", [buffer, ...words], items);
      await device.download(buffer, out.subarray(4 * start, 4 * (start + items)));
    }
    return out;
  });
}
