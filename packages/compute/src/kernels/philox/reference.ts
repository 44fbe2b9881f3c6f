import { philox } from "../../random/philox.ts";
import type { PhiloxWordsInput } from "./index.ts";

/** What the kernel means, block by block. */
export function philoxWordsReference({ seed, stream, counter, blocks }: PhiloxWordsInput): Uint32Array {
  const words = new Uint32Array(4 * blocks);
  for (let block = 0; block < blocks; block++) {
    words.set(philox(seed, stream, BigInt.asUintN(64, BigInt(counter) + BigInt(block))), 4 * block);
  }
  return words;
}
